/** GET /healthz (the process answers) and GET /readyz (the database does). Neither speaks of the model. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { Problem } from '../contract/problem.ts';
import { problems } from '../contract/schemas.ts';

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health');
const ok = { description: 'It does', content: { 'application/json': { schema: healthSchema } } };

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operation'],
  summary: 'Whether the process answers',
  responses: { 200: ok, 400: problems[400] },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operation'],
  summary: 'Whether the database can be read',
  responses: { 200: ok, 400: problems[400], 503: problems[503] },
});

export interface HealthDependencies {
  /** Rejects when the database, as it lies on the disk, cannot be read. */
  readonly checkReadable: () => Promise<void>;
}

export function addHealthRoutes(router: OpenAPIHono, { checkReadable }: HealthDependencies) {
  return router
    .openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyz, async (c) => {
      try {
        await checkReadable();
      } catch {
        throw new Problem('unavailable', 'The database cannot be read.', { headers: { 'Retry-After': '5' } });
      }
      return c.json({ status: 'ok' as const }, 200);
    });
}
