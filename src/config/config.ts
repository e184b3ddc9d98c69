/** The configuration: environment variables, read once, checked all at once, frozen. */
import type { z } from 'zod';
import { readList } from './variable-schemas.ts';
import { resolveDefault } from './installation.ts';
import { variables } from './variables.ts';

type Variables = typeof variables;
type VariableName = keyof Variables;

export type Config = {
  readonly [Name in VariableName as Variables[Name]['key']]: z.output<Variables[Name]['schema']>;
};

/** The environment is invalid; `problems` has a line for every invalid variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

export const isLoopbackHost = (host: string) => loopbackHosts.has(host);

/** Requests per minute and client; undefined for no limit. */
export function effectiveRateLimit({
  rateLimit,
  host,
}: Pick<Config, 'rateLimit' | 'host'>): number | undefined {
  if (rateLimit === 'auto') return loopbackHosts.has(host) ? undefined : 600;
  return rateLimit === 'off' ? undefined : rateLimit;
}

/** True without keys on loopback: any program on this machine may write, web pages may not. */
export function trustsLocalClients({
  host,
  apiKeyDigests,
  allowAnonymousWrites,
}: Pick<Config, 'host' | 'apiKeyDigests' | 'allowAnonymousWrites'>): boolean {
  return loopbackHosts.has(host) && apiKeyDigests.length === 0 && !allowAnonymousWrites;
}

/** A quarter of the `hard_limit` in fly.toml; more than a browser with several pages of the explorer has open. */
const OPEN_REQUESTS_PER_CLIENT = 60;

export interface ClientLimits {
  readonly maxConnectionsPerClient: number;
  /** Undefined for no limit. */
  readonly openRequestsPerClient: number | undefined;
  /** The share of body memory and of the embedding queue that one client may use, from 0 to 1. */
  readonly clientShare: number;
}

/**
 * How much one client may use. On loopback all clients share one address, so there are no limits per client. A proxy
 * opens the connections of all clients from a few addresses, but names the client of each request.
 */
export function clientLimits({
  maxConnections,
  trustProxy,
  host,
}: Pick<Config, 'maxConnections' | 'trustProxy' | 'host'>): ClientLimits {
  const isLocal = loopbackHosts.has(host);
  const isBehindProxy = trustProxy !== 'none';
  return {
    maxConnectionsPerClient: isLocal || isBehindProxy ? maxConnections : Math.ceil(maxConnections / 2),
    openRequestsPerClient: isBehindProxy ? OPEN_REQUESTS_PER_CLIENT : undefined,
    clientShare: isLocal && !isBehindProxy ? 1 : 0.25,
  };
}

/** Shorter keys can be guessed by clients from outside. */
const MIN_KEY_CHARACTERS = 16;

/** Secrets that child processes and reports must not contain: keys, and URLs with a password. */
const SECRETS = ['API_KEY', 'DATABASE_URL', 'DATABASE_READ_URL'];

/**
 * An empty variable counts as not set. Removes secrets from `environment`, so that child processes and reports do not
 * contain them. Throws {@link ConfigError} with all problems at once.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const keys = readList(environment['API_KEY'] ?? '');
  for (const name of Object.keys(variables) as VariableName[]) {
    const { key, fallback, schema } = variables[name];
    const given = environment[name] || resolveDefault(name, fallback);
    const parsed = (schema as z.ZodType).safeParse(given);
    if (parsed.success) values[key] = parsed.data;
    else
      problems.push(
        `${name} ${parsed.error.issues[0]?.message ?? 'is invalid'}` +
          (SECRETS.includes(name) ? '' : `, got ${JSON.stringify(given)}`),
      );
  }
  for (const name of SECRETS) delete environment[name];
  const config = values as Partial<Config>;
  problems.push(...outsideProblems(config, keys), ...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config as Config);
}

function* outsideProblems(
  { host = '', allowAnonymousWrites, apiKeyDigests }: Partial<Config>,
  keys: readonly string[],
): Generator<string> {
  if (loopbackHosts.has(host)) return;
  const reached = `HOST ${JSON.stringify(host)} can be reached from outside, but`;
  // Without digests API_KEY is invalid, which has been reported.
  if (keys.length === 0 && apiKeyDigests && allowAnonymousWrites === false) {
    yield `${reached} anyone could write: set API_KEY, or ALLOW_ANONYMOUS_WRITES=true if that is intended`;
  }
  if (keys.some((key) => key.length < MIN_KEY_CHARACTERS)) {
    yield (
      `${reached} a key in API_KEY has fewer than ${MIN_KEY_CHARACTERS} characters: ` +
      'make one with openssl rand -base64 32'
    );
  }
}

/** Problems of variables that are valid by themselves but contradict each other. Invalid ones are undefined here. */
function* contradictions({
  host,
  port,
  metricsHost,
  metricsPort,
  databaseUrl,
  databaseReadUrl,
}: Partial<Config>): Generator<string> {
  const isSameHost = metricsHost === '' || metricsHost === host;
  if (isSameHost && port !== undefined && port > 0 && metricsPort === port) {
    yield `METRICS_PORT must differ from PORT, got "${port}" for both`;
  }
  if (metricsHost && metricsPort === 0) yield 'METRICS_HOST needs METRICS_PORT';
  if (databaseReadUrl && databaseUrl === '') yield 'DATABASE_READ_URL needs DATABASE_URL';
}
