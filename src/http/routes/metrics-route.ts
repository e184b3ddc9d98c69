/** GET /metrics, for Prometheus. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Metrics } from '../../telemetry/metrics.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['Operation'],
  summary: 'Metrics in the Prometheus text format',
  security: [{ apiKey: [] }],
  responses: {
    200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
    400: problems[400],
    401: problems[401],
  },
});

/** `access` decides who may read: a key on the public port, anyone on a port of its own. */
export function addMetricsRoute(
  router: OpenAPIHono,
  { metrics, access }: { readonly metrics: Metrics; readonly access: MiddlewareHandler },
) {
  return router.openapi(withPolicies(route, access), async (c) => {
    const { text, contentType } = await metrics.exposition();
    return c.text(text, 200, { 'Content-Type': contentType });
  });
}
