/** Opens the storage engine that the configuration names. */
import { openSqliteStores } from './sqlite/open.ts';
import type { StorageConfig } from './storage-config.ts';
import type { OpenStoresOptions, Stores } from './stores.ts';

export type { Stores } from './stores.ts';

/** Creates and migrates the database when needed. Rejects with a `StorageError` whose message says what to do. */
export async function openStores(config: StorageConfig, options: OpenStoresOptions = {}): Promise<Stores> {
  const { databaseUrl } = config;
  if (!databaseUrl) return openSqliteStores(config, options);
  // Loaded only when it is used: a service on SQLite does not pay for it in memory.
  const { openPostgresStores } = await import('./postgres/open.ts');
  return openPostgresStores({ ...config, databaseUrl });
}
