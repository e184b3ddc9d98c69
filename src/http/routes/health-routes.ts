/** GET /healthz: the process responds. GET /readyz: the database can be read; the model is reported, not required. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { StorageError } from '../../catalog/storage-error.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { unavailable } from '../contract/problem.ts';
import { problems } from '../contract/schemas.ts';

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health');
const readinessSchema = healthSchema
  .extend({
    modelError: z
      .string()
      .optional()
      .openapi({ description: 'Why the model cannot be used: a code. Reads work without it.' }),
  })
  .openapi('Readiness');
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
  responses: {
    200: {
      description: 'The database can be read',
      content: { 'application/json': { schema: readinessSchema } },
    },
    400: problems[400],
    503: problems[503],
  },
});

export interface HealthDependencies {
  /** Rejects when the database cannot be read from disk; cached pages do not count. */
  readonly checkReadable: () => Promise<void>;
  readonly embedder: Pick<Embedder, 'status'>;
}

export function addHealthRoutes(router: OpenAPIHono, { checkReadable, embedder }: HealthDependencies) {
  return router
    .openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyz, async (c) => {
      try {
        await checkReadable();
      } catch (error) {
        const code = error instanceof StorageError ? ` (${error.code})` : '';
        throw unavailable(`The database cannot be read${code}.`, 5);
      }
      const modelError = embedder.status().lastError?.code;
      return c.json({ status: 'ok' as const, ...(modelError !== undefined && { modelError }) }, 200);
    });
}
