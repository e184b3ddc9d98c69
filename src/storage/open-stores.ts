/** Opens the storage engine that the configuration names. */
import { openSqliteStores } from './sqlite/open.ts';
import type { OpenStoresOptions, Stores } from './stores.ts';

export type { Stores } from './stores.ts';

export interface StorageConfig {
  readonly databasePath: string;
  /** Vectors from which an index in memory is worth its size. */
  readonly int8IndexMinRows: number;
}

/** Creates and migrates the database when needed. Rejects with a `StorageError` whose message says what to do. */
export async function openStores(config: StorageConfig, options: OpenStoresOptions = {}): Promise<Stores> {
  return openSqliteStores(config, options);
}
