/** A router whose validation failures are problem details, and the rules for JSON bodies. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';
import { validationProblem } from './validation-problem.ts';

export function createRouter(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.target, result.error);
    },
  });
}

/** For middleware that concerns only requests which may have a body and change something. */
export function exceptReading(middleware: MiddlewareHandler): MiddlewareHandler {
  return (c, next) => (c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : middleware(c, next));
}

const jsonTypes = /^application\/(merge-patch\+)?json\s*(;|$)/i;

/**
 * Refuses a body of another media type, or of none, before it is read:
 * Hono's JSON validator takes such a body for `{}`.
 */
export const requireJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type');
  if (!type || !jsonTypes.test(type)) {
    throw new Problem('unsupported-media-type', 'Send the body as application/json.', {
      headers: { Accept: 'application/json' },
    });
  }
  await next();
};
