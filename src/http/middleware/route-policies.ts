/** Policies that run before the handler of a route. Each route names its policies where it is defined. */
import type { Context, MiddlewareHandler } from 'hono';
import { every } from 'hono/combine';
import { compress } from 'hono/compress';
import type { MemoryControl } from '../../memory/memory-status.ts';
import { createLoopLag } from '../../telemetry/loop-lag.ts';
import { createApiKeyGuard } from './api-key.ts';
import { createBodyLimit } from './body-limit.ts';
import type { ClientOf } from './client-address.ts';
import { createSerialise } from './serialise.ts';
import { createBackupLimit, createExportLimit, createStreamLimit } from './stream-limit.ts';
import { createVectorAdmission, type Admission } from './vector-admission.ts';

export interface RoutePolicies {
  /** A valid API key (401). */
  readonly requireKey: MiddlewareHandler;
  /** A JSON body within the limits, from any client (413, 415, 503). */
  readonly readBody: MiddlewareHandler;
  /** A valid API key, then a body within the limits. Clients without a key cannot use up this budget. */
  readonly readKeyedBody: MiddlewareHandler;
  /** Compresses the response; not worth it for a single restaurant, which fits into one packet. */
  readonly compress: MiddlewareHandler;
  /** Admission of vector work (503). */
  readonly vectors: Admission;
  /** Runs one at a time (503). */
  readonly serialise: MiddlewareHandler;
  /** {@link serialise}, for requests for which `needsTurn` is true. */
  serialiseWhen(needsTurn: (c: Context) => boolean): MiddlewareHandler;
  /** Limits event streams per client (503). */
  readonly limitStreams: MiddlewareHandler;
  /** Two exports at once (503). */
  readonly limitExports: MiddlewareHandler;
  /** One backup at once, until it is downloaded (503). */
  readonly limitBackups: MiddlewareHandler;
}

export interface RoutePolicyOptions {
  readonly apiKeyDigests: readonly Uint8Array[];
  readonly maxBodyBytes: number;
  readonly maxVectorQueries: number;
  /** The share of a limited resource that one client may use, from 0 to 1. */
  readonly clientShare: number;
  readonly clientOf: ClientOf;
  readonly memory: Pick<MemoryControl, 'isRefusing'>;
}

const KEYED_BODIES_BYTES = 16 * 1024 * 1024;
/** 64 of the largest bodies. What a stalled body holds is several times its size, and freed late. */
const OPEN_BODIES_BYTES = 4 * 1024 * 1024;

export function createRoutePolicies(options: RoutePolicyOptions): RoutePolicies {
  const { apiKeyDigests, maxBodyBytes, maxVectorQueries, clientShare, clientOf, memory } = options;
  const requireKey = createApiKeyGuard(apiKeyDigests);
  const serialise = createSerialise();
  const bodies = { maxBytes: maxBodyBytes, clientShare, clientOf };
  return {
    requireKey,
    readBody: createBodyLimit({ ...bodies, budgetBytes: OPEN_BODIES_BYTES }),
    readKeyedBody: every(requireKey, createBodyLimit({ ...bodies, budgetBytes: KEYED_BODIES_BYTES })),
    compress: compress(),
    vectors: createVectorAdmission(memory, maxVectorQueries, createLoopLag()),
    serialise,
    serialiseWhen: (needsTurn) => (c, next) => (needsTurn(c) ? serialise(c, next) : next()),
    limitStreams: createStreamLimit(clientOf),
    limitExports: createExportLimit(),
    limitBackups: createBackupLimit(),
  };
}
