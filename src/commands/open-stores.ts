/** Opens the database and everything that stands on it. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { ImportStore } from '../catalog/import-restaurants.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { Config } from '../config.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import type { VectorPackStore } from '../embedding/vector-pack.ts';
import type { SimilarityStore } from '../similarity/similarity-store.ts';
import type { VectorMap } from '../similarity/vector-map.ts';
import {
  createCatalogueVectorIndex,
  type CatalogueVectorIndex,
  type CatalogueVectorIndexOptions,
} from '../store/catalogue-vector-index.ts';
import { createCurrentGeneration } from '../store/current-generation.ts';
import { createCurrentVectors } from '../store/current-vectors.ts';
import { createEmbeddingStore } from '../store/embedding-store.ts';
import { createMatrixVectorIndex } from '../store/matrix-vector-index.ts';
import { createForeignWrites } from '../store/foreign-writes.ts';
import { createImportStore } from '../store/import-store.ts';
import { checkReadable, openDatabase } from '../store/open-database.ts';
import { createRestaurantStore } from '../store/restaurant-store.ts';
import { shareDatabase } from '../store/service-lock.ts';
import { createSetting, type Setting } from '../store/settings-store.ts';
import { createSimilarityStore } from '../store/similarity-store.ts';
import { createSqliteVectorIndex } from '../store/sqlite-vector-index.ts';
import { createSaveVector } from '../store/save-vector.ts';
import { createVectorChanges } from '../store/vector-changes.ts';
import { createVectorMap } from '../store/vector-map.ts';
import { createVectorPackStore } from '../store/vector-pack-store.ts';

export interface Stores {
  readonly restaurants: RestaurantStore;
  readonly imports: ImportStore;
  readonly embeddings: EmbeddingStore;
  readonly packs: VectorPackStore;
  readonly similarity: SimilarityStore;
  readonly index: CatalogueVectorIndex;
  readonly map: VectorMap;
  /** The batch size of an unfinished backfill. */
  readonly unfinishedBackfill: Setting;
  /** Row id of the generation in use; 0 without a model. */
  generation(): number;
  /** Throws when the database, as it lies on the disk, cannot be read; what is cached does not count. */
  checkReadable(): void;
  /** Size of the write-ahead log. */
  walBytes(): number;
  close(): void;
}

const MATRIX_IDLE_MS = 5 * 60_000;

/** `mayAllocate` is asked before vectors are loaded into memory, with the bytes that they will take. */
export function openStores(
  { databasePath, matrixMinRows }: Pick<Config, 'databasePath' | 'matrixMinRows'>,
  {
    mayAllocate = () => true,
    onFillError,
    ...options
  }: Pick<CatalogueVectorIndexOptions, 'mayAllocate' | 'onFillError'> & {
    readonly busyTimeoutMs?: number;
  } = {},
): Stores {
  const release = shareDatabase(databasePath);
  const database = openShared(databasePath, options, release);
  const current = createCurrentGeneration();
  const changes = createVectorChanges();
  const vectors = createCurrentVectors(database, current);
  const saveVector = createSaveVector(database, current, changes);
  const index = createCatalogueVectorIndex({
    vectors,
    onDisk: createSqliteVectorIndex(database, current, vectors),
    inMemory: createMatrixVectorIndex(current, vectors, changes),
    changedElsewhere: createForeignWrites(database),
    matrixMinRows,
    idleMs: MATRIX_IDLE_MS,
    mayAllocate,
    ...(onFillError && { onFillError }),
  });
  return {
    restaurants: createRestaurantStore(database, current, changes),
    imports: createImportStore(database),
    embeddings: createEmbeddingStore(database, current, changes, saveVector),
    packs: createVectorPackStore(database, current, saveVector),
    similarity: createSimilarityStore(database, current),
    index,
    map: createVectorMap(database, current, vectors, changes),
    unfinishedBackfill: createSetting(database, 'backfill'),
    generation: () => current.id,
    checkReadable: () => checkReadable(databasePath),
    walBytes: () => statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    close() {
      index.close();
      database.close();
      release();
    },
  };
}

function openShared(
  path: string,
  options: { readonly busyTimeoutMs?: number },
  release: () => void,
): Database {
  try {
    return openDatabase(path, options);
  } catch (error) {
    release();
    throw error;
  }
}
