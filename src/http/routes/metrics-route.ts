/** GET /metrics, for Prometheus. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Metrics } from '../../telemetry/metrics.ts';
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

export function addMetricsRoute(
  router: OpenAPIHono,
  { metrics, guard }: { readonly metrics: Metrics; readonly guard: MiddlewareHandler },
) {
  router.use('/metrics', guard);
  return router.openapi(route, async (c) => {
    const { text, contentType } = await metrics.exposition();
    return c.text(text, 200, { 'Content-Type': contentType });
  });
}
