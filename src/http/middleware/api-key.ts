/** Requires `Authorization: Bearer <key>`, compared with the digests of the configured keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import { Problem } from '../contract/problem.ts';

/**
 * `digests` are SHA-256. Without keys any client that can connect can write: the configuration allows that only on
 * loopback or when the operator asked for it.
 */
export function createApiKeyGuard(digests: readonly Uint8Array[]): MiddlewareHandler {
  if (digests.length === 0) return (_c, next) => next();
  const authenticate = bearerAuth({ verifyToken: (key) => isKnown(key, digests) });
  return async (c, next) => {
    try {
      return await authenticate(c, next);
    } catch (error) {
      if (!(error instanceof HTTPException)) throw error;
      throw new Problem('unauthorized', 'Send a valid key as "Authorization: Bearer <key>".', {
        headers: { 'WWW-Authenticate': 'Bearer realm="tastematch"' },
      });
    }
  };
}

/** Compares with every digest, so that the time taken does not depend on which one matches. */
function isKnown(key: string, digests: readonly Uint8Array[]): boolean {
  const digest = createHash('sha256').update(key).digest();
  return digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
}
