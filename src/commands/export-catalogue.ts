/** `tastematch export FILE`: the catalogue as NDJSON, as GET /restaurants/export gives it. */
import type { Config } from '../config/config.ts';
import { exportRestaurants } from '../transfer/export-restaurants.ts';
import { openCatalogue } from './open-catalogue.ts';
import { writeFileWhole } from './write-file.ts';

export async function exportCatalogue(
  config: Config,
  file: string,
  options: { readonly withVectors: boolean },
): Promise<void> {
  const stores = await openCatalogue(config);
  try {
    await writeFileWhole(file, exportRestaurants(stores, options));
  } finally {
    stores.close();
  }
}
