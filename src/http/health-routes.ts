/** GET /healthz (the process answers) and GET /readyz (the database does). Neither speaks of the model. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import { Problem } from './problem.ts';
import { problems } from './schemas.ts';

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health');
const ok = { description: 'It does', content: { 'application/json': { schema: healthSchema } } };

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operation'],
  summary: 'Whether the process answers',
  responses: { 200: ok },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operation'],
  summary: 'Whether the database can be read',
  responses: { 200: ok, 503: problems[503] },
});

export function addHealthRoutes(
  router: OpenAPIHono,
  { restaurants }: { readonly restaurants: RestaurantStore },
) {
  return router
    .openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyz, async (c) => {
      try {
        await restaurants.find(1);
      } catch {
        throw new Problem('unavailable', 'The database cannot be read.', { headers: { 'Retry-After': '5' } });
      }
      return c.json({ status: 'ok' as const }, 200);
    });
}
