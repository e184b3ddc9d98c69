/** The CopyStore port on SQLite, over a connection of its own. */
import type { ModelVersion } from '../../../catalog/model-version.ts';
import type { CopyStore } from '../../../transfer/copy-store.ts';
import { shareDatabase } from '../connection/locks.ts';
import { openDatabase } from '../connection/open-database.ts';
import { withStorageErrors } from '../connection/storage-errors.ts';
import { createModelVersionStore } from '../embeddings/model-versions.ts';
import { createCopyReader } from './read-copy.ts';
import { createCopyWriter } from './write-copy.ts';

/** Throws a `StorageError` when the file cannot be opened. */
export function openSqliteCopy(path: string): CopyStore {
  const release = shareDatabase(path);
  const database = openDatabase(path);
  const reader = createCopyReader(database);
  const writer = createCopyWriter(database);
  const { register } = createModelVersionStore(database);
  const versionIds = new Map<string, number>();

  /** Registers versions before the transaction that writes rows, as a virtual table cannot be created within it. */
  async function registerAll(versions: readonly ModelVersion[]): Promise<(version: ModelVersion) => number> {
    for (const version of versions) {
      const key = JSON.stringify(version);
      if (!versionIds.has(key)) versionIds.set(key, (await register(version)).id);
    }
    return (version) => versionIds.get(JSON.stringify(version)) ?? 0;
  }

  return withStorageErrors<CopyStore>({
    ...reader,
    async readSnapshot(read) {
      database.exec('BEGIN');
      try {
        return await read(reader);
      } finally {
        database.exec('ROLLBACK');
      }
    },
    async write({ changed, deletedIds }) {
      const versionId = await registerAll(
        changed.flatMap(({ vectors, failures }) =>
          [...vectors, ...failures].map(({ modelVersion }) => modelVersion),
        ),
      );
      writer.write(changed, deletedIds, versionId);
    },
    writeIdempotencyKeys: async (keys) => writer.writeKeys(keys),
    advanceIds: async (lastId) => writer.advanceIds(lastId),
    async finish() {},
    async close() {
      database.close();
      release();
    },
  });
}
