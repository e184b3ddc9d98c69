/**
 * The fast path for the most frequent request: GET /restaurants/:id of a restaurant that has its vector. It writes to
 * Node's response directly; the router, its validation and web Request and Response objects take two thirds of the
 * CPU time of such a read (measured). All other requests, and requests with headers that could change the response, go
 * to the router. `test/warm-read.test.ts` checks that both give the same response.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { ViewCounts } from '../catalog/view-counts.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { entityTag } from './contract/entity-tag.ts';
import type { CountRequest } from './middleware/client-limits.ts';
import { createCrossOriginHeaders, type CrossOriginOptions } from './middleware/cross-origin.ts';
import type { RequestLog } from './middleware/request-log.ts';
import { secureHeaders } from './middleware/response-headers.ts';

export interface WarmReadDependencies extends CrossOriginOptions {
  readonly restaurants: Pick<RestaurantStore, 'find'>;
  readonly currentModel: CurrentModel;
  readonly views: Pick<ViewCounts, 'note'>;
  readonly metrics: Pick<Metrics, 'noteRead' | 'noteRequest'>;
  readonly log: Pick<RequestLog, 'debug'>;
  readonly countRequest: CountRequest;
}

/** Resolves to false, with nothing sent, if the request is not a warm read. */
export type RespondFirst = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const path = /^\/restaurants\/([1-9]\d{0,15})$/;
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;
/** Request headers that change the response. */
const routerHeaders = ['content-length', 'if-none-match', 'prefer', 'transfer-encoding', 'x-request-id'];
/** Headers with which a service that trusts local clients may reject the request. */
const guardedHeaders = ['origin', 'sec-fetch-site'];
const fixedHeaders = [
  ...secureHeaders.flat(),
  'Cache-Control',
  'no-cache',
  'Content-Type',
  'application/json',
];
const route = '/restaurants/:id';

export function createWarmRead(dependencies: WarmReadDependencies): RespondFirst {
  const { restaurants, currentModel, views, metrics, log, countRequest, trustsLocalClients } = dependencies;
  const crossOriginHeaders = createCrossOriginHeaders(dependencies, 'Prefer');
  const leftToRouter = trustsLocalClients ? [...routerHeaders, ...guardedHeaders] : routerHeaders;

  function idOf({ method, url = '', headers }: IncomingMessage): number | undefined {
    if (method !== 'GET' || leftToRouter.some((name) => headers[name] !== undefined)) return undefined;
    if (trustsLocalClients && !loopbackHost.test(headers.host ?? '')) return undefined;
    const id = Number(path.exec(url)?.[1]);
    return Number.isSafeInteger(id) ? id : undefined;
  }

  return async (request, response) => {
    const id = idOf(request);
    if (id === undefined) return false;
    const startedAt = performance.now();
    const counted = countRequest(request, response, request.url ?? '');
    // The router sends the rejection.
    if (counted.problem) return false;
    const restaurant = await restaurants.find(id, currentModel.version()).catch(() => undefined);
    if (restaurant?.embedding.status !== 'ready') return false;
    views.note(id);
    const body = JSON.stringify(restaurant);
    const durationMs = performance.now() - startedAt;
    const requestId = randomUUID();
    response.writeHead(200, [
      'X-Request-Id',
      requestId,
      ...fixedHeaders,
      ...crossOriginHeaders(request.headers.origin),
      ...Object.entries(counted.headers).flat(),
      'ETag',
      entityTag(restaurant),
      'Server-Timing',
      `embed;dur=${durationMs.toFixed(2)};desc="stored"`,
      'Content-Length',
      String(Buffer.byteLength(body)),
    ]);
    response.end(body);
    metrics.noteRead('warm', durationMs);
    metrics.noteRequest({ method: 'GET', route, status: 200, durationMs });
    log.debug({ requestId, method: 'GET', path: request.url, status: 200, durationMs }, 'request');
    return true;
  };
}
