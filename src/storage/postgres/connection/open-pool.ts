/** A pool of connections to one PostgreSQL server. */
import pg from 'pg';

export interface PoolOptions {
  readonly url: string;
  /** Identifies this process to the others. */
  readonly instance: string;
  readonly maxConnections: number;
  /** The server cancels a statement after this long, in ms. */
  readonly statementTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** How long a query waits for a free connection, in ms: enough for a burst; under overload it is rejected. */
const POOL_WAIT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Candidates that each round of an HNSW search keeps. With 200, recall@10 was 0.98 where one row in eight matches a
 * filter; with 400 it was 0.995 (bench/postgres-recall.mjs, 20,000 vectors).
 */
const EF_SEARCH = 400;

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/** int8 as a number, as ids stay below 2^53; timestamps as ISO 8601 in UTC with milliseconds. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return Number;
    if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    return (pg.types.getTypeParser as (id: number, format?: string) => unknown)(oid, format);
  },
};

/** The name of every connection of a process, by which others see that it is alive. */
export const applicationName = (instance: string): string => `tastematch ${instance}`;

/** Connects on demand only. `sslmode` and `sslrootcert` in the URL choose TLS. */
export function openPool({ url, instance, maxConnections, statementTimeoutMs }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: POOL_WAIT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    allowExitOnIdle: true,
    keepAlive: true,
    application_name: applicationName(instance),
    types,
    options: [
      'timezone=UTC',
      `statement_timeout=${statementTimeoutMs}`,
      'idle_in_transaction_session_timeout=60000',
      // The planner's default is for spinning disks: it would read all vectors where an index leaves one row in eight.
      'random_page_cost=1.1',
      // Compiling a query takes longer than any of these queries run.
      'jit=off',
      // With strict order, rows of a later round that are nearer than those already returned would be left out.
      'hnsw.iterative_scan=relaxed_order',
      `hnsw.ef_search=${EF_SEARCH}`,
    ]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  });
  // A server that stops closes idle connections; the pool opens new ones when needed.
  pool.on('error', () => {});
  // The pool does not listen to connections in use: their statements reject, which is enough.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** A connection outside the pool, not yet connected. */
export const createClient = (url: string, instance: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: applicationName(instance),
    types,
  });
