/** Small values by name that a restart must not forget. */
import type { Database } from 'better-sqlite3';

export interface Setting {
  load(): Promise<string | undefined>;
  /** Undefined removes it. */
  save(value: string | undefined): Promise<void>;
}

export function createSetting(database: Database, name: string): Setting {
  const select = database.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  const insert = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM settings WHERE name = ?');
  return {
    load: async () => select.get(name) as string | undefined,
    save: async (value) => void (value === undefined ? remove.run(name) : insert.run(name, value)),
  };
}
