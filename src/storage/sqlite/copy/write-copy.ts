/** Writing whole restaurants, with their vectors and failures, for a copy. */
import type { Database } from 'better-sqlite3';
import type { ModelVersion } from '../../../catalog/model-version.ts';
import type { CopiedIdempotencyKey, CopiedRestaurant } from '../../../transfer/copy-store.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { listVectorTables } from '../embeddings/drop-versions.ts';
import { toStoredColumns } from '../restaurants/content-hash.ts';
import { insertRestaurantSql, updateRestaurantSql } from '../restaurants/write-restaurants.ts';

export interface CopyWriter {
  /** In one transaction. `versionId` gives the row id of a model version that is registered. */
  write(
    changed: readonly CopiedRestaurant[],
    deletedIds: readonly number[],
    versionId: (version: ModelVersion) => number,
  ): void;
  writeKeys(keys: readonly CopiedIdempotencyKey[]): void;
  advanceIds(lastId: number): void;
}

export function createCopyWriter(database: Database): CopyWriter {
  const prepare = createStatementCache(database);
  const insert = database.prepare(insertRestaurantSql);
  const update = database.prepare(updateRestaurantSql);
  const exists = database.prepare('SELECT 1 FROM restaurants WHERE id = ?').pluck();
  const releaseExternalId = database.prepare(
    'UPDATE restaurants SET external_id = NULL WHERE external_id = ? AND id <> ?',
  );
  const setRecord = database.prepare(
    `UPDATE restaurants SET created_at = :createdAt, updated_at = :updatedAt, version = :version, view_count = :views
     WHERE id = :id`,
  );
  const deleteRow = database.prepare('DELETE FROM restaurants WHERE id = ?');
  const deleteRecords = database.prepare('DELETE FROM embeddings WHERE restaurant_id = ?');
  const deleteFailures = database.prepare('DELETE FROM embedding_failures WHERE restaurant_id = ?');
  const addRecord = database.prepare(
    'INSERT INTO embeddings (created_at, text_hash, restaurant_id, model_version_id) VALUES (?, ?, ?, ?)',
  );
  const addFailure = database.prepare(
    `INSERT INTO embedding_failures
       (restaurant_id, model_version_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     VALUES (:id, :versionId, :textHash, :reason, :detail, :attempts, :failedAt, :retryAt)`,
  );
  const addKey = database.prepare(
    'INSERT OR REPLACE INTO idempotency_keys VALUES (:key, :bodyHash, :restaurant, :createdAt)',
  );

  /** Everything that depends on the row. */
  function clear(id: number, vectorTables: readonly number[]): void {
    for (const table of vectorTables) {
      prepare(`DELETE FROM vectors_${table} WHERE rowid = ?`).run(BigInt(id));
    }
    deleteRecords.run(id);
    deleteFailures.run(id);
  }

  function writeRow(
    row: CopiedRestaurant,
    vectorTables: readonly number[],
    versionId: (version: ModelVersion) => number,
  ): void {
    const { id, fields, createdAt, updatedAt, version, views, vectors, failures } = row;
    // A row of a later page may still have an external id that now belongs to this one.
    if (fields.externalId !== null) releaseExternalId.run(fields.externalId, id);
    const isNew = exists.get(id) === undefined;
    (isNew ? insert : update).run({ id, ...toStoredColumns(fields), at: updatedAt });
    setRecord.run({ id, createdAt, updatedAt, version, views });
    if (!isNew) clear(id, vectorTables);
    for (const { modelVersion, textHash, createdAt: embeddedAt, vector } of vectors) {
      const ownVersion = versionId(modelVersion);
      prepare(`INSERT INTO vectors_${ownVersion} (rowid, vector) VALUES (?, ?)`).run(BigInt(id), vector);
      addRecord.run(embeddedAt, textHash, id, ownVersion);
    }
    for (const { modelVersion, ...failure } of failures) {
      addFailure.run({ id, ...failure, versionId: versionId(modelVersion) });
    }
  }

  return {
    write: database.transaction(
      (
        changed: readonly CopiedRestaurant[],
        deletedIds: readonly number[],
        versionId: (version: ModelVersion) => number,
      ) => {
        const vectorTables = listVectorTables(database);
        for (const id of deletedIds) {
          clear(id, vectorTables);
          deleteRow.run(id);
        }
        for (const row of changed) writeRow(row, vectorTables, versionId);
      },
    ).immediate,
    writeKeys: database.transaction((keys: readonly CopiedIdempotencyKey[]) => {
      for (const key of keys) addKey.run(key);
    }).immediate,
    advanceIds(lastId) {
      const { changes } = database
        .prepare(`UPDATE sqlite_sequence SET seq = max(seq, :lastId) WHERE name = 'restaurants'`)
        .run({ lastId: BigInt(lastId) });
      if (changes === 0) {
        database
          .prepare(`INSERT INTO sqlite_sequence (name, seq) VALUES ('restaurants', ?)`)
          .run(BigInt(lastId));
      }
    },
  };
}
