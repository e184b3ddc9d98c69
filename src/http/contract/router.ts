/** A router whose validation failures are problem details, and the rules for JSON bodies. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';
import { validationProblem } from './validation-problem.ts';

/** HEAD is answered as GET is, without the body: one that streams would wait for its reader for ever. */
const endBodyOfHead: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};

const noQuery = z.strictObject({});

/** A route that declares no query takes none: an unknown parameter is refused everywhere. */
export function createRouter(): OpenAPIHono {
  const router = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.target, result.error);
    },
  });
  router.use(endBodyOfHead);
  const add = router.openapi;
  router.openapi = (route, ...rest) =>
    add({ ...route, request: { query: noQuery, ...route.request } }, ...rest);
  return router;
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
  if (!type || !jsonTypes.test(type)) throw wrongMediaType();
  await next();
};

export const wrongMediaType = () =>
  new Problem('unsupported-media-type', 'Send the body as application/json.', {
    headers: { Accept: 'application/json' },
  });
