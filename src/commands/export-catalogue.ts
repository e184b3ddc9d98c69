/** `tastematch export FILE`: the catalogue as NDJSON, as GET /restaurants/export gives it. */
import type { Config } from '../config/config.ts';
import { exportRestaurants } from '../transfer/export-restaurants.ts';
import { openCatalogue } from './open-catalogue.ts';
import { writeFileWhole } from './write-file.ts';

/** Vectors move in packs: see vector-packs.ts. */
export async function exportCatalogue(config: Config, file: string): Promise<void> {
  const { stores, currentModel } = await openCatalogue(config);
  try {
    const modelVersion = currentModel.version();
    await writeFileWhole(file, exportRestaurants(stores.exports, { withVectors: false, modelVersion }));
  } finally {
    await stores.close();
  }
}
