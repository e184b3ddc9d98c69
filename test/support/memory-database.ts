/** A real SQLite database in memory, with its stores and a registered model version of four dimensions. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../src/catalog/model-version.ts';
import type { RestaurantStore } from '../../src/catalog/restaurant-store.ts';
import { restaurantFieldsSchema, type RestaurantFields } from '../../src/catalog/restaurant.ts';
import type { EmbeddingStore } from '../../src/embedding/embedding-store.ts';
import type { ModelVersionStore } from '../../src/embedding/model-version-store.ts';
import { createCurrentModel, type MutableCurrentModel } from '../../src/embedding/current-model.ts';
import { createDataVersion } from '../../src/storage/sqlite/connection/data-version.ts';
import { openDatabase } from '../../src/storage/sqlite/connection/open-database.ts';
import { createCatalogueCounts } from '../../src/storage/sqlite/embeddings/catalogue-counts.ts';
import { createModelVersionStore } from '../../src/storage/sqlite/embeddings/model-versions.ts';
import { createSaveVector } from '../../src/storage/sqlite/embeddings/save-vector.ts';
import { createEmbeddingStore } from '../../src/storage/sqlite/embeddings/sqlite-embeddings.ts';
import { createStoredVectors } from '../../src/storage/sqlite/embeddings/stored-vectors.ts';
import { createVectorChanges } from '../../src/storage/sqlite/embeddings/vector-changes.ts';
import { createRestaurantStore } from '../../src/storage/sqlite/restaurants/sqlite-restaurants.ts';

export const testModel = { model: 'test-model', sha256: 'a'.repeat(64), templateVersion: 1, dimensions: 4 };

export interface MemoryDatabase {
  readonly database: Database;
  readonly embeddings: EmbeddingStore;
  readonly restaurants: RestaurantStore;
  readonly modelVersions: ModelVersionStore;
  readonly currentModel: MutableCurrentModel;
  readonly modelVersion: StoredModelVersion;
  add(fields: Partial<RestaurantFields>): Promise<{ readonly id: number; readonly textHash: string }>;
}

export async function openMemoryDatabase({
  model = testModel,
  now = () => new Date(),
} = {}): Promise<MemoryDatabase> {
  const database = openDatabase(':memory:');
  const changes = createVectorChanges();
  const counts = createCatalogueCounts(database);
  const saveVector = createSaveVector(database, changes, { now });
  const embeddings = createEmbeddingStore(database, saveVector, counts, createStoredVectors(database), now);
  const restaurants = createRestaurantStore(database, changes, createDataVersion(database), now);
  const modelVersions = createModelVersionStore(database, counts.forget);
  const currentModel = createCurrentModel(modelVersions);
  const modelVersion = await currentModel.use(model);
  return {
    database,
    embeddings,
    restaurants,
    modelVersions,
    currentModel,
    modelVersion,
    async add(fields) {
      const { id } = await restaurants.create(restaurantFieldsSchema.parse(fields), { modelVersion });
      const source = await embeddings.findSource(id, modelVersion);
      return { id, textHash: source?.textHash ?? '' };
    },
  };
}
