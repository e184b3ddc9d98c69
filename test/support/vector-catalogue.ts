/** A catalogue with made-up vectors in a real database, and the brute-force scan that both indexes are held against. */
import assert from 'node:assert/strict';
import type { StoredModelVersion } from '../../src/catalog/model-version.ts';
import type { RestaurantFields } from '../../src/catalog/restaurant.ts';
import { restaurantFieldsSchema } from '../../src/catalog/restaurant.ts';
import type { RestaurantFilters } from '../../src/catalog/restaurant-filters.ts';
import type { Neighbour } from '../../src/search/nearest-neighbours.ts';
import { createCurrentModel } from '../../src/embedding/current-model.ts';
import { createCatalogueCounts } from '../../src/storage/sqlite/embeddings/catalogue-counts.ts';
import { createModelVersionStore } from '../../src/storage/sqlite/embeddings/model-versions.ts';
import { createCurrentVectors } from '../../src/storage/sqlite/search/current-vectors.ts';
import { distanceKm } from '../../src/catalog/distance.ts';
import { createEmbeddingStore } from '../../src/storage/sqlite/embeddings/sqlite-embeddings.ts';
import { createInt8VectorIndex } from '../../src/storage/sqlite/search/int8-vector-index.ts';
import { createDataVersion } from '../../src/storage/sqlite/connection/data-version.ts';
import { openDatabase } from '../../src/storage/sqlite/connection/open-database.ts';
import { createRestaurantStore } from '../../src/storage/sqlite/restaurants/sqlite-restaurants.ts';
import { createSaveVector } from '../../src/storage/sqlite/embeddings/save-vector.ts';
import { createSearchStore } from '../../src/storage/sqlite/search/sqlite-search.ts';
import { createSearchIndex } from '../../src/storage/sqlite/search/search-index.ts';
import { createVocabulary } from '../../src/storage/sqlite/search/sqlite-vocabulary.ts';
import { createSqliteVectorIndex } from '../../src/storage/sqlite/search/sqlite-vec-index.ts';
import { createStoredVectors } from '../../src/storage/sqlite/embeddings/stored-vectors.ts';
import { createVectorChanges } from '../../src/storage/sqlite/embeddings/vector-changes.ts';

export const DIMENSIONS = 8;

/** Deterministic, of unit length; every fourth has one dominant component, which int8 represents worst. */
export function unitVector(seed: number): Float32Array {
  const raw = Array.from({ length: DIMENSIONS }, (_, i) => Math.sin((seed + 1) * (i + 1) * 12.9898));
  if (seed % 4 === 0) raw[seed % DIMENSIONS] = 30;
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
}

export interface Row {
  fields: RestaurantFields;
  /** Of the model in use. */
  vector: Float32Array | undefined;
  /** Of the current text, by model. */
  readonly byModel: Map<string, Float32Array>;
}

/** Slabs and candidates are small, so that a few rows reach every branch that millions reach in use. */
export async function openCatalogue() {
  const database = openDatabase(':memory:');
  const changes = createVectorChanges();
  const dataVersion = createDataVersion(database);
  const stored = createStoredVectors(database);
  const counts = createCatalogueCounts(database);
  const vectors = createCurrentVectors(database, dataVersion, stored);
  const restaurants = createRestaurantStore(database, changes, dataVersion);
  const saveVector = createSaveVector(database, changes);
  const embeddings = createEmbeddingStore(database, saveVector, counts, stored);
  const onDisk = createSqliteVectorIndex(database, vectors);
  const options = { slabRows: 16, firstCandidates: 2, sliceRows: 16 };
  const inMemory = createInt8VectorIndex(vectors, changes, options);
  const currentModel = createCurrentModel(createModelVersionStore(database, counts.forget));
  const expected = new Map<number, Row>();

  function modelVersion(): StoredModelVersion {
    return currentModel.version() ?? assert.fail('useModel first');
  }

  return {
    /** Anything, also what is refused otherwise, such as altering an extension's tables. */
    execute(sql: string): void {
      database.unsafeMode(true).exec(sql);
    },
    close(): void {
      database.close();
    },
    modelVersion,
    vectors,
    restaurants,
    vocabulary: createVocabulary(database, createSearchIndex(database), dataVersion),
    search: createSearchStore(database, counts),
    onDisk,
    inMemory,
    expected,
    async useModel(model: string): Promise<void> {
      await currentModel.use({ model, sha256: model, templateVersion: 1, dimensions: DIMENSIONS });
      for (const row of expected.values()) row.vector = row.byModel.get(model);
    },
    async add(given: Partial<RestaurantFields>): Promise<number> {
      const fields = restaurantFieldsSchema.parse({ name: `R${expected.size}`, ...given });
      const { id } = await restaurants.create(fields, { modelVersion: modelVersion() });
      expected.set(id, { fields, vector: undefined, byModel: new Map() });
      return id;
    },
    async embed(id: number, vector: Float32Array): Promise<void> {
      const row = expected.get(id);
      if (row) row.vector = vector;
      row?.byModel.set(modelVersion().model, vector);
      const source = await embeddings.findSource(id, modelVersion());
      const textHash = source?.textHash ?? '';
      await embeddings.save({ restaurantId: id, textHash, vector, modelVersion: modelVersion() });
    },
    async rename(id: number): Promise<void> {
      const row = expected.get(id);
      if (!row) return;
      row.fields = { ...row.fields, name: `${row.fields.name}!` };
      row.vector = undefined;
      row.byModel.clear();
      await restaurants.update(id, () => row.fields, { modelVersion: modelVersion() });
    },
    async remove(id: number): Promise<void> {
      expected.delete(id);
      await restaurants.delete(id);
    },
  };
}

export type Catalogue = Awaited<ReturnType<typeof openCatalogue>>;

function matches({ fields, vector }: Row, filters: RestaurantFilters): boolean {
  const { cuisineTypes, minRating, priceLevels, location, near, embedded } = filters;
  const { cuisineType, rating, priceLevel, latitude, longitude } = fields;
  const isNear =
    near?.radiusKm === undefined ||
    (latitude !== null &&
      longitude !== null &&
      distanceKm(near.latitude, near.longitude, latitude, longitude) <= near.radiusKm);
  return (
    vector !== undefined &&
    embedded !== false &&
    (!cuisineTypes || cuisineTypes.includes(cuisineType ?? '')) &&
    (minRating === undefined || (rating ?? -1) >= minRating) &&
    (!priceLevels || priceLevels.includes(priceLevel ?? 0)) &&
    (location === undefined || (fields.location ?? '').includes(location)) &&
    isNear
  );
}

export interface Query {
  readonly vector: Float32Array;
  readonly limit: number;
  readonly filters: RestaurantFilters;
  readonly excludedIds: readonly number[];
}

function bruteForce({ expected }: Catalogue, { vector: query, limit, filters, excludedIds }: Query) {
  const scored: Neighbour[] = [];
  for (const [id, row] of expected) {
    if (!matches(row, filters) || excludedIds.includes(id)) continue;
    let score = 0;
    for (let i = 0; i < DIMENSIONS; i += 1) score += (query[i] ?? 0) * (row.vector?.[i] ?? 0);
    scored.push({ id, score });
  }
  return scored.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit);
}

/** Ids and scores, ties by id, from both indexes. */
export async function assertExact(catalogue: Catalogue, query: Query): Promise<void> {
  const exact = bruteForce(catalogue, query);
  for (const name of ['onDisk', 'inMemory'] as const) {
    const found = await catalogue[name].nearest({ ...query, modelVersion: catalogue.modelVersion() });
    const what = `${name}, ${JSON.stringify({ ...query, vector: undefined })}`;
    assert.deepEqual(found, exact, what);
  }
}
