/** Opens the database and everything that stands on it. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { ImportStore } from '../../transfer/import-restaurants.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { EmbeddingStore } from '../../embedding/embedding-store.ts';
import type { VectorPackStore } from '../../transfer/vector-pack.ts';
import type { SimilarityStore } from '../../search/search-store.ts';
import type { VectorMap } from '../../search/vector-map.ts';
import {
  createCatalogueVectorIndex,
  type CatalogueVectorIndex,
  type CatalogueVectorIndexOptions,
} from './search/catalogue-vector-index.ts';
import { createCurrentGeneration } from './embeddings/current-model-version.ts';
import { createCurrentVectors } from './search/current-vectors.ts';
import { createEmbeddingStore } from './embeddings/sqlite-embeddings.ts';
import { createInt8VectorIndex } from './search/int8-vector-index.ts';
import { watchExternalChanges } from './connection/external-changes.ts';
import { createImportStore } from './restaurants/import-batches.ts';
import { checkReadable, openDatabase } from './connection/open-database.ts';
import { createRestaurantStore } from './restaurants/sqlite-restaurants.ts';
import { shareDatabase } from './connection/locks.ts';
import { createSetting, type Setting } from './connection/settings.ts';
import { createSimilarityStore } from './search/sqlite-search.ts';
import { createSqliteVectorIndex } from './search/sqlite-vec-index.ts';
import { createSaveVector } from './embeddings/save-vector.ts';
import { createVectorChanges } from './embeddings/vector-changes.ts';
import { createVectorMap } from './search/sqlite-vector-map.ts';
import { createVectorPackStore } from './embeddings/packed-vectors.ts';

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
  { databasePath, int8IndexMinRows }: { readonly databasePath: string; readonly int8IndexMinRows: number },
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
    inMemory: createInt8VectorIndex(current, vectors, changes),
    changedElsewhere: watchExternalChanges(database),
    int8IndexMinRows,
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
