/** The CopyStore port on PostgreSQL. */
import type { ModelVersion } from '../../../catalog/model-version.ts';
import type { CopyStore } from '../../../transfer/copy-store.ts';
import { openDatabase } from '../connection/database.ts';
import { createInstanceName } from '../connection/instance-name.ts';
import { migrateDatabase } from '../connection/migrate.ts';
import { createClient } from '../connection/open-pool.ts';
import { createModelVersionStore } from '../embeddings/model-versions.ts';
import { advanceIds } from '../restaurants/write-restaurants.ts';
import { mergeAllWordChanges } from '../search/word-counts.ts';
import { createVectorIndexes } from '../search/vector-indexes.ts';
import { createCopyReader } from './read-copy.ts';
import { writeCopied, writeKeys } from './write-copy.ts';

/** Writing 1,000 rows with vectors and indexes can take long on a small machine. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/**
 * Collects the words of many rows before they are merged into the index, which halves the time of inserting rows. A copy
 * that is interrupted leaves it like this: searches are a little slower until a copy completes.
 */
const collectWords = 'ALTER INDEX restaurants_by_word SET (fastupdate = on)';
const mergeWords = [
  'ALTER INDEX restaurants_by_word SET (fastupdate = off)',
  `SELECT gin_clean_pending_list('restaurants_by_word')`,
];

/** Rejects with a `StorageError` when the database cannot be reached or migrated. */
export async function openPostgresCopy(url: string): Promise<CopyStore> {
  const instance = createInstanceName();
  await migrateDatabase(createClient(url, instance));
  const database = openDatabase({
    url,
    maxConnections: 4,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    instance,
  });
  // A copy uses no version itself; it only creates the tables of the vectors.
  const { register } = createModelVersionStore(database, async () => {});
  const indexes = createVectorIndexes(database);
  const versionIds = new Map<string, number>();
  let collecting: Promise<unknown> | undefined;

  async function registerAll(versions: readonly ModelVersion[]): Promise<(version: ModelVersion) => number> {
    for (const version of versions) {
      const key = JSON.stringify(version);
      if (!versionIds.has(key)) versionIds.set(key, (await register(version)).id);
    }
    return (version) => versionIds.get(JSON.stringify(version)) ?? 0;
  }

  return {
    ...createCopyReader(database),
    readSnapshot: (read) =>
      database.transaction(async (queries) => {
        await queries.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await queries.run('SET LOCAL idle_in_transaction_session_timeout = 0');
        return read(createCopyReader(queries));
      }),
    async write({ changed, deletedIds }) {
      const versionId = await registerAll(
        changed.flatMap(({ vectors, failures }) =>
          [...vectors, ...failures].map(({ modelVersion }) => modelVersion),
        ),
      );
      collecting ??= database.run(collectWords);
      await collecting;
      await database.transaction((queries) => writeCopied(queries, changed, deletedIds, versionId));
    },
    writeIdempotencyKeys: (keys) => writeKeys(database, keys),
    advanceIds: async (id) => void (id > 0 && (await database.run(advanceIds, { id }))),
    async finish() {
      for (const sql of mergeWords) await database.run(sql);
      await mergeAllWordChanges(database);
      await database.run('ANALYZE');
      for (const id of versionIds.values()) await indexes.build({ id });
    },
    async close() {
      await indexes.close();
      await database.close();
    },
  };
}
