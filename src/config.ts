/** The configuration: environment variables, read once, checked all at once, frozen. */
import type { z } from 'zod';
import { variables } from './config-variables.ts';

type Variables = typeof variables;
type VariableName = keyof Variables;

export type Config = {
  readonly [Name in VariableName as Variables[Name]['key']]: z.output<Variables[Name]['schema']>;
};

/** The environment cannot be used as it is; `problems` has a line for every bad variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

/** Requests a minute and client; undefined for no limit. */
export function effectiveRateLimit({
  rateLimit,
  host,
}: Pick<Config, 'rateLimit' | 'host'>): number | undefined {
  if (rateLimit === 'auto') return loopbackHosts.has(host) ? undefined : 600;
  return rateLimit === 'off' ? undefined : rateLimit;
}

/** Neither a key nor a choice of the operator says who may write: only that nobody else reaches the service. */
export function trustsLocalClients({
  host,
  apiKeys,
  allowAnonymousWrites,
}: Pick<Config, 'host' | 'apiKeys' | 'allowAnonymousWrites'>): boolean {
  return loopbackHosts.has(host) && apiKeys.length === 0 && !allowAnonymousWrites;
}

/** No client from outside may take them all; Fly's proxy brings those of all clients from few addresses. */
export function connectionsPerClient({
  maxConnections,
  trustProxy,
  host,
}: Pick<Config, 'maxConnections' | 'trustProxy' | 'host'>): number {
  const isOneClient = loopbackHosts.has(host) || trustProxy === 'fly';
  return isOneClient ? maxConnections : Math.ceil(maxConnections / 2);
}

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
