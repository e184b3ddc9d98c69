/** GET /model, POST /model/load and POST /model/unload: the process that runs the model. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Embedder, EmbedderStatus } from '../../embedding/embedder.ts';
import { EmbeddingError } from '../../embedding/embedding-error.ts';
import { cpuStates, type CpuMonitor } from '../../cpu/cpu-status.ts';
import type { MemoryControl } from '../../memory/memory-status.ts';
import { unavailable } from '../contract/problem.ts';
import { withPolicies } from '../contract/router.ts';
import type { ReadLatency } from '../../telemetry/read-latency.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const count = z.int().min(0);
const processSchema = z.object({ rssBytes: count, anonymousBytes: count }).openapi('ProcessMemory');
const latencySchema = z
  .object({ count, p50Ms: z.number().nullable(), p99Ms: z.number().nullable() })
  .openapi('Latency', { description: 'Reads since the start; percentiles of the latest 512, in ms.' });
const modelSchema = z
  .object({
    name: z.string(),
    instance: z.string().optional().openapi({
      description:
        'The process that answered, where several share a PostgreSQL database. All other fields speak of this process.',
    }),
    state: z.enum(['unloaded', 'loading', 'ready']),
    inferences: count.openapi({ description: 'Texts embedded since the service started.' }),
    queued: count,
    loads: count,
    unloads: count,
    memoryBytes: count.openapi({
      description: 'Resident memory of the model process; 0 while it is not running.',
    }),
    bytesReturned: count.openapi({ description: 'Memory returned by all unloads, measured.' }),
    memory: z
      .object({
        limitBytes: count,
        usedBytes: count.openapi({
          description: 'Memory that cannot be reclaimed; the page cache is not counted.',
        }),
        source: z.enum(['cgroup-v2', 'cgroup-v1', 'machine', 'configured']),
        refusing: z
          .boolean()
          .openapi({ description: 'True while vector work is rejected because memory is short.' }),
        service: processSchema,
        model: processSchema,
      })
      .openapi('Memory'),
    cpu: z
      .object({
        state: z.enum(cpuStates),
        source: z.enum(['cgroup-v2', 'cgroup-v1', 'steal', 'none']).openapi({
          description: 'What the state is derived from: a CPU quota, or time stolen by the hypervisor.',
        }),
        deniedShare: z.number().min(0).max(1).openapi({
          description: 'Share of the last seconds in which work was ready and got no CPU time.',
        }),
        cores: z.number().nullable().openapi({ description: 'CPU time that the machine gives, in cores.' }),
      })
      .openapi('Cpu'),
    reads: z.object({ cold: latencySchema, warm: latencySchema }).openapi('ReadLatency'),
    lastError: z
      .object({ code: z.string(), at: z.iso.datetime() })
      .optional()
      .openapi({ description: 'Why the model could not be used last; the log has the details.' }),
  })
  .openapi('Model');

const modelAnswer = {
  description: 'State of the model',
  content: { 'application/json': { schema: modelSchema } },
};
const security = [{ apiKey: [] }];

const getModel = createRoute({
  method: 'get',
  path: '/model',
  operationId: 'getModel',
  tags: ['Model'],
  summary: 'State, memory and statistics of the model',
  responses: { 200: modelAnswer, 400: problems[400] },
});

const loadModel = createRoute({
  method: 'post',
  path: '/model/load',
  operationId: 'loadModel',
  tags: ['Model'],
  summary: 'Load the model before a read needs it',
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
      description: 'State of the model, and the memory returned by this unload in bytes',
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
  readonly instance: string | undefined;
  readonly memory: Pick<MemoryControl, 'status'>;
  readonly cpu: Pick<CpuMonitor, 'status'>;
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  readonly policies: RoutePolicies;
}

/** Only the code: messages contain paths and texts, which belong in the log. */
function withoutDetails({ lastError, ...status }: EmbedderStatus) {
  return { ...status, ...(lastError && { lastError: { code: lastError.code, at: lastError.at } }) };
}

export function addModelRoutes(router: OpenAPIHono, dependencies: ModelRouteDependencies) {
  const { embedder, modelName, instance, memory, cpu, readLatency, policies } = dependencies;
  const describe = () => ({
    name: modelName,
    ...(instance !== undefined && { instance }),
    ...withoutDetails(embedder.status()),
    memory: memory.status(),
    cpu: cpu.status(),
    reads: readLatency.summary(),
  });

  return router
    .openapi(getModel, (c) => c.json(describe(), 200))
    .openapi(withPolicies(loadModel, policies.readKeyedBody), async (c) => {
      try {
        await embedder.load();
      } catch (error) {
        if (!(error instanceof EmbeddingError)) throw error;
        throw unavailable(`The model cannot be loaded (${error.code}).`, 10);
      }
      return c.json(describe(), 200);
    })
    .openapi(withPolicies(unloadModel, policies.readKeyedBody), async (c) => {
      const returnedNow = await embedder.unload();
      return c.json({ ...describe(), returnedNow }, 200);
    });
}
