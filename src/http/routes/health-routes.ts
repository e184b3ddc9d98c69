/** GET /healthz: the process responds. GET /readyz: the database can be read. Neither depends on the model. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { unavailable } from '../contract/problem.ts';
import { problems } from '../contract/schemas.ts';

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health');
const ok = { description: 'OK', content: { 'application/json': { schema: healthSchema } } };

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operation'],
  summary: 'Check that the process responds',
  responses: { 200: ok, 400: problems[400] },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operation'],
  summary: 'Check that the database can be read',
  responses: { 200: ok, 400: problems[400], 503: problems[503] },
});

export interface HealthDependencies {
  /** Rejects when the database cannot be read from disk; cached pages do not count. */
  readonly checkReadable: () => Promise<void>;
}

export function addHealthRoutes(router: OpenAPIHono, { checkReadable }: HealthDependencies) {
  return router
    .openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyz, async (c) => {
      try {
        await checkReadable();
      } catch {
        throw unavailable('The database cannot be read.', 5);
      }
      return c.json({ status: 'ok' as const }, 200);
    });
}
