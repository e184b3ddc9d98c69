/** Opens the SQLite engine: the database and every store on it. */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { StorageConfig } from '../storage-config.ts';
import type { OpenStoresOptions, Stores } from '../stores.ts';
import { createChangeFeed } from './connection/change-feed.ts';
import { createDataVersion } from './connection/data-version.ts';
import { watchExternalChanges } from './connection/external-changes.ts';
import { createLeaseStore } from './connection/leases.ts';
import { lockDatabase, shareDatabase } from './connection/locks.ts';
import { checkReadable, openDatabase } from './connection/open-database.ts';
import { createSettingStore } from './connection/settings.ts';
import { withStorageErrors } from './connection/storage-errors.ts';
import { createCatalogueCounts } from './embeddings/catalogue-counts.ts';
import { backUpInThread } from './maintenance/back-up-in-thread.ts';
import { createModelVersionStore } from './embeddings/model-versions.ts';
import { createVectorPackStore } from './embeddings/packed-vectors.ts';
import { createSaveVector } from './embeddings/save-vector.ts';
import { createSupersededVersion } from './embeddings/superseded-version.ts';
import { createEmbeddingStore } from './embeddings/sqlite-embeddings.ts';
import { createStoredVectors } from './embeddings/stored-vectors.ts';
import { createVectorChanges } from './embeddings/vector-changes.ts';
import { createChangeLog } from './restaurants/change-log.ts';
import { createExportStore } from './restaurants/export-pages.ts';
import { createImportStore } from './restaurants/import-batches.ts';
import { createRestaurantStore } from './restaurants/sqlite-restaurants.ts';
import { createCatalogueVectorIndex } from './search/catalogue-vector-index.ts';
import { createCurrentVectors } from './search/current-vectors.ts';
import { createInt8VectorIndex } from './search/int8-vector-index.ts';
import { createSearchStore } from './search/sqlite-search.ts';
import { createRowVectors } from './search/row-vectors.ts';
import { createSearchIndex } from './search/search-index.ts';
import { createVocabulary } from './search/sqlite-vocabulary.ts';
import { createSqliteVectorIndex } from './search/sqlite-vec-index.ts';
import { createVectorMap } from './search/sqlite-vector-map.ts';

/** The index in memory is dropped after this long without a search. */
const INDEX_IDLE_MS = 5 * 60_000;

/** Throws a `StorageError`; see {@link OpenStoresOptions}. */
export function openSqliteStores(
  { databasePath, int8IndexMinRows }: StorageConfig,
  {
    exclusiveModel,
    mayAllocate,
    onFillError,
    onSlowVectors,
    onIndexError,
    ...options
  }: OpenStoresOptions = {},
): Stores {
  const unlock = exclusiveModel && lockDatabase(databasePath, exclusiveModel.rejection);
  const { database, release } = openShared(databasePath, options, unlock);
  const changes = createVectorChanges();
  const dataVersion = createDataVersion(database);
  const stored = createStoredVectors(database, onSlowVectors);
  const vectors = createCurrentVectors(database, dataVersion, stored);
  const counts = createCatalogueCounts(database);
  const saveVector = createSaveVector(database, changes, {
    beforeDrop: counts.forget,
    ...(exclusiveModel && { superseded: createSupersededVersion(database, counts.forget) }),
  });
  const searchIndex = createSearchIndex(database, onIndexError);
  const neighbours = createCatalogueVectorIndex({
    vectors,
    onDisk: createSqliteVectorIndex(database, vectors),
    inMemory: createInt8VectorIndex(vectors, changes),
    changedElsewhere: watchExternalChanges(database),
    int8IndexMinRows,
    idleMs: INDEX_IDLE_MS,
    ...(mayAllocate && { mayAllocate }),
    ...(onFillError && { onFillError }),
  });
  return {
    restaurants: withStorageErrors(createRestaurantStore(database, changes, dataVersion)),
    embeddings: withStorageErrors(createEmbeddingStore(database, saveVector, counts, stored)),
    modelVersions: withStorageErrors(createModelVersionStore(database, counts.forget)),
    search: withStorageErrors(createSearchStore(database, counts)),
    vocabulary: withStorageErrors(createVocabulary(database, searchIndex, dataVersion)),
    completeSearchIndex: searchIndex.catchUp,
    neighbours: withStorageErrors({
      nearest: neighbours.nearest,
      releaseMemory: neighbours.releaseMemory,
      ...createRowVectors(vectors),
    }),
    map: withStorageErrors(createVectorMap(database, vectors, changes)),
    changeLog: withStorageErrors(createChangeLog(database)),
    imports: withStorageErrors(createImportStore(database)),
    exports: withStorageErrors(createExportStore(database, stored)),
    vectors: withStorageErrors(createVectorPackStore(database, saveVector, stored)),
    settings: withStorageErrors(createSettingStore(database)),
    leases: createLeaseStore(),
    changes: createChangeFeed(),
    instance: undefined,
    ...withStorageErrors({
      checkReadable: async () => checkReadable(databasePath),
      statistics: async () => ({
        walBytes: statSync(`${database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      }),
      backUp: (path: string) => backUpInThread(databasePath, path),
      async close() {
        neighbours.close();
        searchIndex.close();
        database.close();
        release();
      },
    }),
  };
}

function openShared(
  path: string,
  options: { readonly busyTimeoutMs?: number },
  unlock: (() => void) | undefined,
): { readonly database: Database; readonly release: () => void } {
  let unshare: (() => void) | undefined;
  const release = () => {
    unshare?.();
    unlock?.();
  };
  try {
    unshare = shareDatabase(path);
    return { database: openDatabase(path, options), release };
  } catch (error) {
    release();
    throw error;
  }
}
