/** The configuration: environment variables, read once, checked all at once, frozen. */
import { z } from 'zod';

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, { error: `must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .refine((value) => value >= min && value <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    });

const trueOrFalse = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');
const notEmpty = z.string().min(1, { error: 'must not be empty' });

interface Variable<Value> {
  readonly key: string;
  readonly fallback: string;
  readonly schema: z.ZodType<Value, string>;
  readonly about: string;
}

const variable = <Value>(
  key: string,
  fallback: string,
  schema: z.ZodType<Value, string>,
  about: string,
): Variable<Value> => ({ key, fallback, schema, about });

/** Every variable with its default and what it does; the README's table is checked against this. */
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
  MODEL_DIR: variable(
    'modelDir',
    'models/all-MiniLM-L6-v2',
    notEmpty,
    'Model folder in the Hugging Face layout.',
  ),
  API_KEY: variable(
    'apiKeys',
    '',
    z.string().transform((value) =>
      value
        .split(',')
        .map((key) => key.trim())
        .filter(Boolean),
    ),
    'Keys for writing and administration (`Authorization: Bearer …`), separated by commas.',
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
    '256',
    wholeNumber(1, 100_000),
    'Texts that may wait for the model; past it reads answer `pending` at once.',
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
    'matrixMinRows',
    '5000',
    wholeNumber(0, 100_000_000),
    'Vectors from which similarity is searched in memory instead of on disk.',
  ),
  MAX_BODY_BYTES: variable(
    'maxBodyBytes',
    '262144',
    wholeNumber(1_024, 67_108_864),
    'Largest JSON body that is accepted, in bytes.',
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

type Variables = typeof variables;
type VariableName = keyof Variables;

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databasePath: string;
  readonly modelDir: string;
  readonly apiKeys: readonly string[];
  readonly allowAnonymousWrites: boolean;
  readonly embedWaitMs: number;
  readonly embedQueueLimit: number;
  readonly embedTimeoutMs: number;
  readonly modelIdleSeconds: number;
  readonly backfillCpuPercent: number;
  readonly topUpMs: number;
  readonly matrixMinRows: number;
  readonly maxBodyBytes: number;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** The environment cannot be used as it is; `problems` has a line for every bad variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

/** An empty variable counts as not set. Throws {@link ConfigError} with every problem at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(variables) as VariableName[]) {
    const { key, fallback, schema } = variables[name];
    const given = environment[name] || fallback;
    const parsed = (schema as z.ZodType).safeParse(given);
    if (parsed.success) values[key] = parsed.data;
    else {
      const shown = name === 'API_KEY' ? '' : `, got ${JSON.stringify(given)}`;
      problems.push(`${name} ${parsed.error.issues[0]?.message ?? 'is invalid'}${shown}`);
    }
  }
  const config = values as unknown as Config;
  if (
    problems.length === 0 &&
    !loopbackHosts.has(config.host) &&
    config.apiKeys.length === 0 &&
    !config.allowAnonymousWrites
  ) {
    problems.push(
      `HOST ${JSON.stringify(config.host)} can be reached from outside, but nothing protects writing: ` +
        'set API_KEY, or ALLOW_ANONYMOUS_WRITES=true if everybody may write',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}
