/** Opens the PostgreSQL engine: a pool of connections and every store on it. */
import type { Stores } from '../stores.ts';
import { createCachedReads } from './connection/cached-reads.ts';
import { openDatabase } from './connection/database.ts';
import { createInstanceName } from './connection/instance-name.ts';
import { migrateDatabase } from './connection/migrate.ts';
import { createClient } from './connection/open-pool.ts';
import { withFallback } from './connection/with-fallback.ts';
import { createChangeFeed } from './coordination/change-feed.ts';
import { createLeaseStore } from './coordination/leases.ts';
import { createSettingStore } from './coordination/settings.ts';
import { createVersionUse } from './coordination/version-use.ts';
import { createModelVersionStore } from './embeddings/model-versions.ts';
import { createVectorPackStore } from './embeddings/packed-vectors.ts';
import { createEmbeddingStore } from './embeddings/postgres-embeddings.ts';
import { createChangeLog } from './restaurants/change-log.ts';
import { createExportStore } from './restaurants/export-pages.ts';
import { createImportStore } from './restaurants/import-batches.ts';
import { createRestaurantStore } from './restaurants/postgres-restaurants.ts';
import { createNearestNeighbours } from './search/nearest-rows.ts';
import { createSearchStore } from './search/postgres-search.ts';
import { createVectorMap } from './search/postgres-vector-map.ts';
import { createVocabulary } from './search/vocabulary.ts';
import { createVectorIndexes } from './search/vector-indexes.ts';

export interface PostgresConfig {
  readonly databaseUrl: string;
  /** A replica for ranking; undefined or empty to rank on the primary. */
  readonly databaseReadUrl?: string | undefined;
  readonly databaseConnections?: number;
  readonly databaseTimeoutMs?: number;
}

/** Rejects with a `StorageError` when the database cannot be reached, migrated, or is too old. */
export async function openPostgresStores({
  databaseUrl,
  databaseReadUrl,
  databaseConnections: maxConnections = 10,
  databaseTimeoutMs: statementTimeoutMs = 5_000,
}: PostgresConfig): Promise<Stores> {
  const instance = createInstanceName();
  await migrateDatabase(createClient(databaseUrl, instance));
  const options = { instance, maxConnections, statementTimeoutMs };
  const database = openDatabase({ ...options, url: databaseUrl });
  const replica = databaseReadUrl ? openDatabase({ ...options, url: databaseReadUrl }) : undefined;
  const ranking = replica ? withFallback(replica, database) : database;
  const cached = createCachedReads(database);
  const changes = createChangeFeed(database);
  const leases = createLeaseStore(database);
  const versionUse = createVersionUse(database, instance);
  const indexes = createVectorIndexes(database);

  return {
    restaurants: createRestaurantStore(database, cached),
    embeddings: createEmbeddingStore(database, cached, instance),
    modelVersions: createModelVersionStore(database, versionUse.announce),
    search: createSearchStore(ranking, database, cached),
    vocabulary: createVocabulary(ranking),
    completeSearchIndex: async () => {},
    neighbours: createNearestNeighbours(ranking, indexes),
    map: createVectorMap(ranking),
    changeLog: createChangeLog(database),
    imports: createImportStore(database),
    exports: createExportStore(database),
    vectors: createVectorPackStore(database),
    settings: createSettingStore(database),
    leases,
    changes,
    instance,
    checkReadable: async () => void (await database.row('SELECT id FROM restaurants LIMIT 1')),
    backUp: undefined,
    statistics: async () => ({ walBytes: undefined }),
    async close() {
      await versionUse.close();
      await changes.close();
      await indexes.close();
      await replica?.close();
      await database.close();
    },
  };
}
