/** Stores one vector with its record, in one transaction that checks again that the row still has this text. */
import type { Database } from 'better-sqlite3';
import type { NewVector, SaveOutcome } from '../../../embedding/embedding-store.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { makeRoom } from './drop-versions.ts';
import type { SupersededVersion } from './superseded-version.ts';
import type { VectorChanges } from './vector-changes.ts';

export type SaveVector = (vector: NewVector) => SaveOutcome;

export interface SaveVectorOptions {
  /** Called before a write that touches every row of a version. */
  readonly beforeDrop?: () => void;
  readonly superseded?: SupersededVersion;
  readonly now?: () => Date;
}

/** Throws a `RangeError` for a vector that does not have the version's dimensions. */
export function createSaveVector(
  database: Database,
  changes: VectorChanges,
  { beforeDrop = () => {}, superseded, now = () => new Date() }: SaveVectorOptions = {},
): SaveVector {
  const prepare = createStatementCache(database);
  const selectRow = database.prepare('SELECT text_hash, version FROM restaurants WHERE id = ?').raw();
  let lastVersionId: number | undefined;
  const hasVector = database
    .prepare('SELECT 1 FROM embeddings WHERE restaurant_id = ? AND model_version_id = ?')
    .pluck();
  // No REPLACE and no upsert: SQLite would fire only some of the counting triggers.
  const addRecord = database.prepare(
    `INSERT INTO embeddings (created_at, text_hash, restaurant_id, model_version_id) VALUES (?, ?, ?, ?)`,
  );
  const renewRecord = database.prepare(
    'UPDATE embeddings SET created_at = ?, text_hash = ? WHERE restaurant_id = ? AND model_version_id = ?',
  );
  const forgetFailure = database.prepare(
    'DELETE FROM embedding_failures WHERE restaurant_id = ? AND model_version_id = ?',
  );

  const save = database.transaction(
    ({ restaurantId, textHash, vector, modelVersion }: NewVector): SaveOutcome => {
      const row = selectRow.get(restaurantId) as [textHash: string, version: number] | undefined;
      if (!row) return { status: 'gone' };
      const [textNow, restaurantVersion] = row;
      if (textNow !== textHash) return { status: 'text-changed' };
      if (lastVersionId !== modelVersion.id) makeRoom(database, modelVersion.id, beforeDrop);
      const rowid = BigInt(restaurantId);
      const isRenewed = hasVector.get(restaurantId, modelVersion.id) !== undefined;
      if (isRenewed) prepare(`DELETE FROM vectors_${modelVersion.id} WHERE rowid = ?`).run(rowid);
      prepare(`INSERT INTO vectors_${modelVersion.id} (rowid, vector) VALUES (?, ?)`).run(rowid, vector);
      const record = isRenewed ? renewRecord : addRecord;
      const createdAt = now().toISOString();
      record.run(createdAt, textHash, restaurantId, modelVersion.id);
      forgetFailure.run(restaurantId, modelVersion.id);
      return { status: 'stored', createdAt, model: modelVersion.model, restaurantVersion };
    },
  ).immediate;

  return (embedding) => {
    const { restaurantId, vector, modelVersion } = embedding;
    if (vector.length !== modelVersion.dimensions) {
      throw new RangeError(
        `a vector of ${vector.length} numbers does not fit a model version of ${modelVersion.dimensions}`,
      );
    }
    const outcome = save(embedding);
    if (outcome.status === 'stored') {
      lastVersionId = modelVersion.id;
      changes.saved(restaurantId, vector, modelVersion.id);
      superseded?.noteSaved(modelVersion.id);
    }
    return outcome;
  };
}
