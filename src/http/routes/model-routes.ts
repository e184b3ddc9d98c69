/** GET /model, POST /model/load and /model/unload: the process that holds the model. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Embedder } from '../../embedding/embedder.ts';
import { EmbeddingError } from '../../embedding/embedding-error.ts';
import type { MemoryControl } from '../../memory/memory-status.ts';
import { Problem } from '../contract/problem.ts';
import type { ReadLatency } from '../../telemetry/read-latency.ts';
import { problems } from '../contract/schemas.ts';

const count = z.int().min(0);
const processSchema = z.object({ rssBytes: count, anonymousBytes: count }).openapi('ProcessMemory');
const latencySchema = z
  .object({ count, p50Ms: z.number().nullable(), p99Ms: z.number().nullable() })
  .openapi('Latency', { description: 'Reads since the start; percentiles of the latest 512, in ms.' });
const modelSchema = z
  .object({
    name: z.string(),
    state: z.enum(['unloaded', 'loading', 'ready']),
    inferences: count.openapi({ description: 'Texts embedded since the service started.' }),
    queued: count,
    loads: count,
    unloads: count,
    memoryBytes: count.openapi({
      description: 'Resident memory of the model process; 0 when there is none.',
    }),
    bytesReturned: count.openapi({ description: 'Given back by all unloads together, measured.' }),
    memory: z
      .object({
        limitBytes: count,
        usedBytes: count.openapi({ description: 'What cannot be reclaimed, page cache left out.' }),
        source: z.enum(['cgroup-v2', 'cgroup-v1', 'machine', 'configured']),
        refusing: z.boolean().openapi({ description: 'Vector work is refused until memory is free again.' }),
        service: processSchema,
        model: processSchema,
      })
      .openapi('Memory'),
    reads: z.object({ cold: latencySchema, warm: latencySchema }).openapi('ReadLatency'),
    lastError: z.object({ code: z.string(), message: z.string(), at: z.iso.datetime() }).optional(),
  })
  .openapi('Model');

const modelAnswer = { description: 'The model', content: { 'application/json': { schema: modelSchema } } };
const security = [{ apiKey: [] }];

const getModel = createRoute({
  method: 'get',
  path: '/model',
  operationId: 'getModel',
  tags: ['Model'],
  summary: 'Whether the model is in memory, and what it has done',
  responses: { 200: modelAnswer, 400: problems[400] },
});

const loadModel = createRoute({
  method: 'post',
  path: '/model/load',
  operationId: 'loadModel',
  tags: ['Model'],
  summary: 'Load the model before the first read needs it',
  security,
  responses: { 200: modelAnswer, 400: problems[400], 401: problems[401], 503: problems[503] },
});

const unloadModel = createRoute({
  method: 'post',
  path: '/model/unload',
  operationId: 'unloadModel',
  tags: ['Model'],
  summary: 'End the model process after its current text',
  security,
  responses: {
    200: {
      description: 'The model, and how many bytes this unload gave back',
      content: {
        'application/json': { schema: modelSchema.extend({ returnedNow: count }).openapi('UnloadedModel') },
      },
    },
    400: problems[400],
    401: problems[401],
  },
});

export interface ModelRouteDependencies {
  readonly embedder: Embedder;
  readonly modelName: string;
  readonly memory: Pick<MemoryControl, 'status'>;
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  readonly guard: MiddlewareHandler;
}

export function addModelRoutes(router: OpenAPIHono, dependencies: ModelRouteDependencies) {
  const { embedder, modelName, memory, readLatency, guard } = dependencies;
  const describe = () => ({
    name: modelName,
    ...embedder.status(),
    memory: memory.status(),
    reads: readLatency.summary(),
  });
  for (const path of ['/model/load', '/model/unload']) router.use(path, guard);

  return router
    .openapi(getModel, (c) => c.json(describe(), 200))
    .openapi(loadModel, async (c) => {
      try {
        await embedder.load();
      } catch (error) {
        if (!(error instanceof EmbeddingError)) throw error;
        throw new Problem('unavailable', `The model cannot be loaded (${error.code}): ${error.message}`, {
          headers: { 'Retry-After': '10' },
        });
      }
      return c.json(describe(), 200);
    })
    .openapi(unloadModel, async (c) => {
      const returnedNow = await embedder.unload();
      return c.json({ ...describe(), returnedNow }, 200);
    });
}
