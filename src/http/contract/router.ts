/** A router whose validation failures are problem details, and the rules for JSON bodies. */
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem.ts';
import { validationProblem } from './validation-problem.ts';

/** Cancels the body of a HEAD response: a stream would otherwise wait forever for a reader. */
const endBodyOfHead: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};

const noQuery = z.strictObject({});

/** A route that declares no query parameters accepts none: unknown parameters are rejected everywhere. */
export function createRouter(): OpenAPIHono {
  const router = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (!result.success) throw validationProblem(result.target, result.error, c.req.queries());
    },
  });
  router.use(endBodyOfHead);
  const add = router.openapi;
  router.openapi = (route, ...rest) =>
    add({ ...route, request: { query: noQuery, ...route.request } }, ...rest);
  return router;
}

/** A route with middleware that runs, in this order, before its parameters and body are validated. */
export const withPolicies = <Route extends object>(route: Route, ...middleware: MiddlewareHandler[]) => ({
  ...route,
  middleware,
});

const jsonTypes = /^application\/(merge-patch\+)?json\s*(;|$)/i;

/** Rejects a body with another or no media type, which Hono's JSON validator would treat as `{}`. */
export const requireJson: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type');
  if (!type || !jsonTypes.test(type)) throw wrongMediaType();
  await next();
};

export const wrongMediaType = () =>
  new Problem('unsupported-media-type', 'Send the body as application/json.', {
    headers: { Accept: 'application/json' },
  });
