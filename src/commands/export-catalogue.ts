/** `tastematch export FILE`: the catalogue as NDJSON or CSV, as GET /restaurants/export gives it. */
import type { Config } from '../config/config.ts';
import { exportRestaurants, type ExportFormat } from '../transfer/export-restaurants.ts';
import { openCatalogue } from './open-catalogue.ts';
import { writeFileWhole } from './write-file.ts';

/** Vectors move in packs: see vector-packs.ts. */
export async function exportCatalogue(config: Config, file: string, format: ExportFormat): Promise<void> {
  const { stores, currentModel } = await openCatalogue(config);
  try {
    const modelVersion = currentModel.version();
    await writeFileWhole(
      file,
      exportRestaurants(stores.exports, { format, withVectors: false, modelVersion }),
    );
  } finally {
    await stores.close();
  }
}
