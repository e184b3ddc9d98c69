/** Detects writes by other processes, such as an import on the command line next to a running service. */
import type { Database } from 'better-sqlite3';

/** Returns a function that is true when another connection has committed since the last call. */
export function watchExternalChanges(database: Database): () => boolean {
  const dataVersion = database.prepare('PRAGMA data_version').pluck();
  let known = dataVersion.get();
  return () => {
    const version = dataVersion.get();
    const isChanged = version !== known;
    known = version;
    return isChanged;
  };
}
