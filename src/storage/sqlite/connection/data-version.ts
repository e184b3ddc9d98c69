/** A version of the data that changes with every relevant write, of this process or another. */
import type { Database } from 'better-sqlite3';

export interface DataVersion {
  /** Unchanged as long as the data is unchanged. */
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
