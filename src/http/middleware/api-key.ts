/** Who may write: `Authorization: Bearer` against the digests of the configured keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';

const digest = (key: string) => createHash('sha256').update(key).digest();

/** `digests` are sha-256. Without keys everybody may write: the configuration allows that on loopback only, or when asked for. */
export function createApiKeyGuard(digests: readonly Uint8Array[]): MiddlewareHandler {
  return async (c, next) => {
    if (digests.length > 0 && !isKnown(c.req.header('authorization'), digests)) {
      throw new Problem('unauthorized', 'Send a valid key as "Authorization: Bearer <key>".', {
        headers: { 'WWW-Authenticate': 'Bearer realm="tastematch"' },
      });
    }
    await next();
  };
}

function isKnown(header: string | undefined, digests: readonly Uint8Array[]): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const candidate = digest(given);
  // Every digest is compared, so that the time taken says nothing about which one is close.
  return digests.filter((known) => timingSafeEqual(known, candidate)).length > 0;
}
