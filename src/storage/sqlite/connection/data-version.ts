/** Tells whether anything has been written, here or by another process, or the model has changed. */
import type { Database } from 'better-sqlite3';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';

/** Gives the same text as long as the data and the generation are the same. */
export function createDataVersion(database: Database, current: CurrentGeneration): () => string {
  const ownChanges = database.prepare('SELECT total_changes()').pluck();
  const externalChanges = database.prepare('PRAGMA data_version').pluck();
  return () => `${current.id} ${ownChanges.get() as number} ${externalChanges.get() as number}`;
}
