/** The SettingStore port on PostgreSQL. */
import type { SettingStore } from '../../../embedding/setting-store.ts';
import type { Queries } from '../connection/database.ts';

export function createSettingStore(queries: Queries): SettingStore {
  return {
    load: async (name) =>
      (await queries.row<{ value: string }>('SELECT value FROM settings WHERE name = :name', { name }))
        ?.value,
    async save(name, value) {
      await (value === undefined
        ? queries.run('DELETE FROM settings WHERE name = :name', { name })
        : queries.run(
            `INSERT INTO settings (name, value) VALUES (:name, :value)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
            { name, value },
          ));
    },
  };
}
