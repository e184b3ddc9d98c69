/** The SettingStore port on SQLite. */
import type { Database } from 'better-sqlite3';
import type { SettingStore } from '../../../embedding/setting-store.ts';

export function createSettingStore(database: Database): SettingStore {
  const select = database.prepare('SELECT value FROM settings WHERE name = ?').pluck();
  const insert = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM settings WHERE name = ?');
  return {
    load: async (name) => select.get(name) as string | undefined,
    save: async (name, value) => void (value === undefined ? remove.run(name) : insert.run(name, value)),
  };
}
