/** Queries and transactions on PostgreSQL; failures of the database become `StorageError`s. */
import type pg from 'pg';
import { bindValues, type SqlValues } from './bind-values.ts';
import { createClient, openPool, type PoolOptions } from './open-pool.ts';
import { createProbe } from './probe.ts';
import { codeOf, isSerializationFailure, toStorageError } from './storage-errors.ts';
import { StorageError } from '../../../catalog/storage-error.ts';

export interface Queries {
  rows<Row>(sql: string, values?: SqlValues): Promise<Row[]>;
  /** The first row. */
  row<Row>(sql: string, values?: SqlValues): Promise<Row | undefined>;
  /** Resolves to the number of rows that the statement changed. */
  run(sql: string, values?: SqlValues): Promise<number>;
}

export interface Database extends Queries {
  /** Commits what `work` did, or nothing when it rejects. Runs `work` again after a deadlock. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** A connection outside the pool, without a statement timeout: to listen, or for an index build. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

const MAX_ATTEMPTS = 5;
/** After this long without an answer to a statement, the server is probed, in ms. */
const SUSPICIOUS_MS = 300;

export function openDatabase(options: PoolOptions): Database {
  const pool = openPool(options);
  const createOwnClient = () => createClient(options.url, options.instance);
  const answersInTime = createProbe(createOwnClient);

  /** Rejects soon if the server cannot be reached any more; a slow statement runs into its own timeout. */
  async function watched<Result>(answer: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const lost = new Promise<never>((_, reject) => {
      const look = () => {
        timer = setTimeout(() => {
          void answersInTime().then((isAlive) => (isAlive ? look() : reject(noAnswer())));
        }, SUSPICIOUS_MS);
        timer.unref();
      };
      look();
    });
    try {
      return await Promise.race([answer, lost]);
    } finally {
      clearTimeout(timer);
      answer.catch(() => {});
    }
  }

  async function takeClient(): Promise<pg.PoolClient> {
    const taking = pool.connect();
    try {
      return await watched(taking);
    } catch (error) {
      // A late result is ignored.
      taking.then((late) => late.release(true)).catch(() => {});
      throw error;
    }
  }

  async function withClient<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    let client: pg.PoolClient | undefined;
    let isLost = false;
    try {
      client = await takeClient();
      return await work(client);
    } catch (error) {
      const code = codeOf(error);
      isLost = code === 'unavailable' || code === 'read-only' || error instanceof StorageError;
      throw toStorageError(error);
    } finally {
      client?.release(isLost);
    }
  }

  const queriesOf = (client: pg.PoolClient): Queries =>
    toQueries((sql, values) => watched(query(client, sql, values)));

  async function attempt<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    return withClient(async (client) => {
      await watched(client.query('BEGIN'));
      try {
        const result = await work(queriesOf(client));
        await watched(client.query('COMMIT'));
        return result;
      } catch (error) {
        if (codeOf(error) !== 'unavailable') await client.query('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }

  return {
    ...toQueries((sql, values) => withClient((client) => watched(query(client, sql, values)))),
    async transaction(work) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          const cause = error instanceof StorageError ? error.cause : error;
          if (attempts === MAX_ATTEMPTS || !isSerializationFailure(cause)) throw error;
        }
      }
    },
    async connect() {
      const client = createOwnClient();
      client.on('error', () => {});
      try {
        await client.connect();
        return client;
      } catch (error) {
        throw toStorageError(error);
      }
    },
    async close() {
      if (!pool.ending) await pool.end();
    },
  };
}

const noAnswer = () => new StorageError('unavailable', 'the database cannot be reached (no answer)');

function query(client: pg.ClientBase, sql: string, values: SqlValues): Promise<pg.QueryResult> {
  return client.query(bindValues(sql, values));
}

function toQueries(execute: (sql: string, values: SqlValues) => Promise<pg.QueryResult>): Queries {
  return {
    rows: async <Row>(sql: string, values: SqlValues = {}) => (await execute(sql, values)).rows as Row[],
    row: async <Row>(sql: string, values: SqlValues = {}) =>
      (await execute(sql, values)).rows[0] as Row | undefined,
    run: async (sql, values = {}) => (await execute(sql, values)).rowCount ?? 0,
  };
}
