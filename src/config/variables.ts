/** The documented table of every environment variable: its default, what it may be, what it does. */
import { z } from 'zod';
import { trustedProxy } from './trusted-proxy.ts';
import { apiKeys, databaseUrl, notEmpty, originList, trueOrFalse, wholeNumber } from './variable-schemas.ts';

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

/** Every variable with its default and what it does; docs/configuration.md is generated from this. */
export const variables = {
  HOST: variable(
    'host',
    '127.0.0.1',
    notEmpty,
    'Address to listen on. Addresses other than loopback need `API_KEY`.',
  ),
  PORT: variable('port', '8080', wholeNumber(0, 65_535), 'Port to listen on; 0 chooses a free one.'),
  DATABASE_PATH: variable(
    'databasePath',
    'data/tastematch.db',
    notEmpty,
    'The SQLite file; its folder is created. The default lies in the folder of the service, whatever the working directory is; a path that you set is relative to the working directory.',
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
    'Model folder in the Hugging Face layout. The default lies in the folder of the service.',
  ),
  API_KEY: variable(
    'apiKeyDigests',
    '',
    apiKeys,
    'Keys for writing and administration (`Authorization: Bearer …`), separated by commas; at least 16 characters each unless `HOST` is loopback.',
  ),
  ALLOW_ANONYMOUS_WRITES: variable(
    'allowAnonymousWrites',
    'false',
    trueOrFalse,
    'Allows all clients to write when no `API_KEY` is set, also if `HOST` is not loopback.',
  ),
  EMBED_WAIT_MS: variable(
    'embedWaitMs',
    '1000',
    wholeNumber(0, 60_000),
    'How long a first read waits for its vector before it returns `pending`, in ms.',
  ),
  EMBED_QUEUE_LIMIT: variable(
    'embedQueueLimit',
    '1024',
    wholeNumber(1, 100_000),
    'Texts that may wait for the model, a quarter of them from one client; when it is full, reads return `pending` at once.',
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
    'The model process ends after this time without work; 0 keeps it running.',
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
    'Time budget for embedding likely candidates before a similarity response, in ms; 0 disables it.',
  ),
  MATRIX_MIN_ROWS: variable(
    'int8IndexMinRows',
    '5000',
    wholeNumber(0, 100_000_000),
    'Number of vectors from which similarity is searched in memory instead of on disk.',
  ),
  MEMORY_LIMIT_MB: variable(
    'memoryLimitMb',
    '0',
    wholeNumber(0, 1_000_000),
    'Memory limit of the service, in MB; 0 reads it from the cgroup, otherwise from the machine.',
  ),
  MAX_VECTOR_QUERIES: variable(
    'maxVectorQueries',
    '64',
    wholeNumber(1, 10_000),
    'Similarity queries in progress at once; further ones are rejected (503).',
  ),
  OVERLOAD_WAIT_MS: variable(
    'overloadWaitMs',
    '10',
    wholeNumber(0, 60_000),
    'While the service is overloaded, a request is rejected (503) if an earlier one has waited longer than this, in ms of CPU time. Bursts may wait 50 to 100 times as long. 0 rejects none.',
  ),
  METRICS_PORT: variable(
    'metricsPort',
    '0',
    wholeNumber(0, 65_535),
    'Separate port for `/metrics`, without a key; 0 serves it on `PORT`, with the key.',
  ),
  METRICS_HOST: variable(
    'metricsHost',
    '',
    z.string(),
    'Address to listen on for `METRICS_PORT`, for example that of a private network; empty uses `HOST`.',
  ),
  MAX_BODY_BYTES: variable(
    'maxBodyBytes',
    '65536',
    wholeNumber(1_024, 67_108_864),
    'Largest JSON body, in bytes.',
  ),
  MAX_CONNECTIONS: variable(
    'maxConnections',
    '1024',
    wholeNumber(1, 100_000),
    'Connections open at once; for a further one the longest idle one is closed, or it is closed itself.',
  ),
  RATE_LIMIT: variable(
    'rateLimit',
    'auto',
    z
      .string()
      .regex(/^(auto|off|[1-9]\d{0,6})$/, { error: 'must be a number of requests per minute, off, or auto' })
      .transform((value) => (value === 'auto' || value === 'off' ? value : Number(value))),
    'Requests per minute and client, or `off`; `auto` is off on loopback and 600 elsewhere.',
  ),
  TRUST_PROXY: variable(
    'trustProxy',
    'none',
    trustedProxy,
    'Proxy that names the client of a request: `fly` uses `Fly-Client-IP`; addresses and networks of proxies, separated by commas (`10.0.0.0/8, ::1`), use `X-Forwarded-For` of their connections; `none` uses the address of the connection.',
  ),
  CORS_ORIGINS: variable(
    'corsOrigins',
    '',
    originList,
    'Origins of web pages that may call the API (`https://app.example.com`), separated by commas; `*` for all.',
  ),
  EXPLORER: variable(
    'hasExplorer',
    'on',
    z.enum(['on', 'off'], { error: 'must be on or off' }).transform((value) => value === 'on'),
    'The pages for people at `/`, `/explore` and `/docs`; `off` serves the API alone.',
  ),
  LOG_LEVEL: variable(
    'logLevel',
    'info',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    }),
    'Least severe log level that is written.',
  ),
} as const;
