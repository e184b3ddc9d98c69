/** Tells whether anything that a cached result depends on has been written, here or by another process. */
import type { Database } from 'better-sqlite3';

export interface DataVersion {
  /** The same text for as long as the data is the same. */
  read(): string;
  /** Runs a write that no cached result depends on, such as view counts. */
  withoutChange(write: () => void): void;
}

export function createDataVersion(database: Database): DataVersion {
  const ownChanges = database.prepare('SELECT total_changes()').pluck();
  const externalChanges = database.prepare('PRAGMA data_version').pluck();
  let leftOut = 0;
  const changes = () => (ownChanges.get() as number) - leftOut;
  return {
    read: () => `${changes()} ${externalChanges.get() as number}`,
    withoutChange(write) {
      const before = changes();
      write();
      leftOut += changes() - before;
    },
  };
}
