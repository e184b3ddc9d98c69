/** Without keys the service trusts who can reach loopback: that must not be every web page its user visits. */
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../contract/problem.ts';

const loopback = /^(localhost|[\w.-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const advice = 'set API_KEY (or ALLOW_ANONYMOUS_WRITES=true) to be reached otherwise';

/**
 * Refuses a `Host` that is not loopback, whose name an attacker may have pointed here (DNS rebinding), and writes that
 * a page of another origin sends, unless the origin is listed.
 */
export function originGuard(corsOrigins: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? 'localhost';
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
    if (!loopback.test(name)) {
      throw new Problem('wrong-host', `Without a key only loopback names are answered; ${advice}.`);
    }
    const origin = c.req.header('origin');
    const isListed = origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin);
    const isReading = ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method);
    if (!isReading && !isListed && origin !== `http://${host}`) {
      throw new Problem(
        'foreign-origin',
        `Without a key pages of other origins may not write; add this one to CORS_ORIGINS, or ${advice}.`,
      );
    }
    await next();
  };
}
