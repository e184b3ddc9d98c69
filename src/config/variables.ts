/** The documented table of every environment variable: its default, what it may be, what it does. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { databaseUrl, notEmpty, trueOrFalse, wholeNumber } from './variable-schemas.ts';

interface Variable<Key extends string, Value> {
  readonly key: Key;
  readonly fallback: string;
  readonly schema: z.ZodType<Value, string>;
  readonly about: string;
}

const variable = <const Key extends string, Value>(
  key: Key,
  fallback: string,
  schema: z.ZodType<Value, string>,
  about: string,
): Variable<Key, Value> => ({ key, fallback, schema, about });

export const readKeys = (text: string): string[] =>
  text
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);

/** All that is kept of a key. */
export const digestOfKey = (key: string): Uint8Array => createHash('sha256').update(key).digest();

/** Every variable with its default and what it does; docs/configuration.md is generated from this. */
export const variables = {
  HOST: variable(
    'host',
    '127.0.0.1',
    notEmpty,
    'Address to listen on. Anything but loopback needs `API_KEY`.',
  ),
  PORT: variable('port', '8080', wholeNumber(0, 65_535), 'Port to listen on; 0 takes a free one.'),
  DATABASE_PATH: variable(
    'databasePath',
    'data/tastematch.db',
    notEmpty,
    'The SQLite file; its folder is created.',
  ),
  DATABASE_URL: variable(
    'databaseUrl',
    '',
    databaseUrl,
    'A PostgreSQL database with pgvector, shared by any number of services; empty uses the SQLite file.',
  ),
  DATABASE_READ_URL: variable(
    'databaseReadUrl',
    '',
    databaseUrl,
    'A replica of `DATABASE_URL` for search, similarity and the map; empty uses `DATABASE_URL`.',
  ),
  DATABASE_CONNECTIONS: variable(
    'databaseConnections',
    '10',
    wholeNumber(1, 1_000),
    'PostgreSQL connections of this service, besides one that listens for notifications.',
  ),
  DATABASE_TIMEOUT_MS: variable(
    'databaseTimeoutMs',
    '5000',
    wholeNumber(100, 600_000),
    'PostgreSQL cancels a statement that takes longer, in ms.',
  ),
  MODEL_DIR: variable(
    'modelDir',
    'models/tastematch-MiniLM-L6-en-pt',
    notEmpty,
    'Model folder in the Hugging Face layout.',
  ),
  API_KEY: variable(
    'apiKeyDigests',
    '',
    z.string().transform((value) => readKeys(value).map(digestOfKey)),
    'Keys for writing and administration (`Authorization: Bearer …`), separated by commas; beyond loopback at least 16 characters each.',
  ),
  ALLOW_ANONYMOUS_WRITES: variable(
    'allowAnonymousWrites',
    'false',
    trueOrFalse,
    'Lets anyone write when no `API_KEY` is set, also beyond loopback.',
  ),
  EMBED_WAIT_MS: variable(
    'embedWaitMs',
    '1000',
    wholeNumber(0, 60_000),
    'How long a first read waits for its vector before it answers `pending`, in ms.',
  ),
  EMBED_QUEUE_LIMIT: variable(
    'embedQueueLimit',
    '1024',
    wholeNumber(1, 100_000),
    'Texts that may wait for the model, a quarter of them for one client; past it reads answer `pending` at once.',
  ),
  EMBED_TIMEOUT_MS: variable(
    'embedTimeoutMs',
    '10000',
    wholeNumber(100, 600_000),
    'How long one text may take before the model process is restarted, in ms.',
  ),
  MODEL_IDLE_SECONDS: variable(
    'modelIdleSeconds',
    '300',
    wholeNumber(0, 86_400),
    'The model process ends after this long without work; 0 keeps it.',
  ),
  BACKFILL_CPU_PERCENT: variable(
    'backfillCpuPercent',
    '50',
    wholeNumber(1, 100),
    'Share of one core that the model process may use for backfill, in percent.',
  ),
  TOP_UP_MS: variable(
    'topUpMs',
    '150',
    wholeNumber(0, 60_000),
    'Budget for embedding what a similarity answer would miss, in ms; 0 turns it off.',
  ),
  MATRIX_MIN_ROWS: variable(
    'int8IndexMinRows',
    '5000',
    wholeNumber(0, 100_000_000),
    'Vectors from which similarity is searched in memory instead of on disk.',
  ),
  MEMORY_LIMIT_MB: variable(
    'memoryLimitMb',
    '0',
    wholeNumber(0, 1_000_000),
    'Memory that the service may take, in MB; 0 reads it from the cgroup, else from the machine.',
  ),
  MAX_VECTOR_QUERIES: variable(
    'maxVectorQueries',
    '64',
    wholeNumber(1, 10_000),
    'Similarity queries that may be under way at once; one more is answered 503.',
  ),
  METRICS_PORT: variable(
    'metricsPort',
    '0',
    wholeNumber(0, 65_535),
    'A port of its own for `/metrics`, without a key; 0 serves it on `PORT`, behind the key.',
  ),
  MAX_BODY_BYTES: variable(
    'maxBodyBytes',
    '65536',
    wholeNumber(1_024, 67_108_864),
    'Largest JSON body that is accepted, in bytes.',
  ),
  MAX_CONNECTIONS: variable(
    'maxConnections',
    '1024',
    wholeNumber(1, 100_000),
    'Connections that may be open at once; one more is closed at once.',
  ),
  RATE_LIMIT: variable(
    'rateLimit',
    'auto',
    z
      .string()
      .regex(/^(auto|off|[1-9]\d{0,6})$/, { error: 'must be a number of requests a minute, off, or auto' })
      .transform((value) => (value === 'auto' || value === 'off' ? value : Number(value))),
    'Requests a minute and client, or `off`; `auto` is off on loopback and 600 elsewhere.',
  ),
  TRUST_PROXY: variable(
    'trustProxy',
    'none',
    z.enum(['none', 'fly'], { error: 'must be none or fly' }),
    'Who may say which client a request is from: `fly` believes `Fly-Client-IP`.',
  ),
  CORS_ORIGINS: variable(
    'corsOrigins',
    '',
    z.string().transform((value) =>
      value
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    ),
    'Origins of web pages that may call the API, separated by commas; `*` for all.',
  ),
  LOG_LEVEL: variable(
    'logLevel',
    'info',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    }),
    'Least severe log line that is written.',
  ),
} as const;
