/** The part of the configuration that chooses and sets up the storage engine. */

export interface StorageConfig {
  readonly databasePath: string;
  /** Begins with `postgres://`; empty or undefined for the SQLite file. */
  readonly databaseUrl?: string;
  /** A replica for ranking; empty or undefined for none. */
  readonly databaseReadUrl?: string;
  /** PostgreSQL connections of this process. */
  readonly databaseConnections?: number;
  readonly databaseTimeoutMs?: number;
  /** Vectors from which an index in memory is worth its size. */
  readonly int8IndexMinRows: number;
}
