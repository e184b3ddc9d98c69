/** Loads the sample catalogue into an empty database, without vectors. */
import { createReadStream } from 'node:fs';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import { readImport } from '../transfer/formats/read-import.ts';
import { importRestaurants, type ImportStore } from '../transfer/import-restaurants.ts';

/** The file lies beside `dist/`, in the repository and in the bundle alike. */
const sampleFile = new URL('../../../data/restaurants.ndjson', import.meta.url);

/** One transaction for the whole file: a start that is interrupted leaves an empty database, not part of a sample. */
const options = {
  skipExisting: false,
  dryRun: false,
  batchSize: 1_000,
  unknownFields: 'refuse',
  returnIds: false,
} as const;

interface SampleDataStores {
  readonly restaurants: Pick<RestaurantStore, 'count'>;
  readonly imports: ImportStore;
}

/** Returns how many restaurants were loaded: none when the catalogue is not empty. */
export async function loadSampleData({ restaurants, imports }: SampleDataStores): Promise<number> {
  if ((await restaurants.count()) > 0) return 0;
  const lines = readImport({ bytes: createReadStream(sampleFile), format: 'ndjson' });
  return (await importRestaurants(imports, lines, options)).created;
}
