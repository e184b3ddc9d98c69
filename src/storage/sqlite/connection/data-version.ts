/** Tells whether anything has been written, by this connection or by another process. */
import type { Database } from 'better-sqlite3';

/** Returns the same text for as long as the data is the same. */
export function createDataVersion(database: Database): () => string {
  const ownChanges = database.prepare('SELECT total_changes()').pluck();
  const externalChanges = database.prepare('PRAGMA data_version').pluck();
  return () => `${ownChanges.get() as number} ${externalChanges.get() as number}`;
}
