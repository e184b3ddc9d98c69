/** Protects a service without keys, which trusts every program on its machine, from web pages of other origins. */
import { BlockList, isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

const advice = 'set API_KEY (or ALLOW_ANONYMOUS_WRITES=true) to allow others';
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Rejects a `Host` name that an attacker may have pointed here (DNS rebinding). Attackers do not control loopback names
 * and `host.docker.internal`. Addresses are allowed, as no name was resolved: emulators send `10.0.2.2`.
 */
export const hostGuard: MiddlewareHandler = async (c, next) => {
  const host = hostOf(c);
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
  const isAddress = isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  if (!isAddress && name !== 'host.docker.internal' && !isLoopbackName(name)) {
    throw new Problem(
      'wrong-host',
      `Without a key the service answers to addresses, loopback names and host.docker.internal only; ${advice}.`,
    );
  }
  await next();
};

/**
 * Rejects requests of pages of other sites: writes, and also reads, because they cause embedding and searching. Allowed
 * are origins in `corsOrigins`, reads and recommendations for pages on loopback, and top-level navigation, so that
 * links to the explorer work.
 */
export function createOriginGuard(corsOrigins: readonly string[]): MiddlewareHandler {
  const isListed = (origin: string) => corsOrigins.includes('*') || corsOrigins.includes(origin);

  function isAllowed(c: Context): boolean {
    const origin = c.req.header('origin');
    if (origin !== undefined && isListed(origin)) return true;
    const asksOnly = readingMethods.has(c.req.method) || c.req.path === '/recommendations';
    if (!asksOnly) {
      return origin === undefined ? !isCrossSite(c) : origin === `http://${hostOf(c)}`;
    }
    return !isCrossSite(c) || isNavigation(c) || (origin !== undefined && isLoopbackOrigin(origin));
  }

  return async (c, next) => {
    if (!isAllowed(c)) throw foreignOrigin();
    await next();
  };
}

const foreignOrigin = () =>
  new Problem(
    'foreign-origin',
    `Without a key, pages of other sites may not use the service; add the origin to CORS_ORIGINS, or ${advice}.`,
  );

const hostOf = (c: Context) => c.req.header('host') ?? 'localhost';

/** Fetch metadata, which every current browser sends and no page can change. Programs do not send it. */
const isCrossSite = (c: Context) => c.req.header('sec-fetch-site') === 'cross-site';
const isNavigation = (c: Context) =>
  c.req.header('sec-fetch-mode') === 'navigate' && c.req.header('sec-fetch-dest') === 'document';

/** A page that this machine serves, such as a development server. */
export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackName(new URL(origin).hostname);
}

function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return family !== 0 && loopbackAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
