/** The limits per client that hold for every route: requests per minute, and requests open at once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { probePaths } from '../contract/probe-paths.ts';
import { Problem } from '../contract/problem.ts';
import type { ClientOfRequest } from './client-address.ts';
import { createClientShares } from './client-shares.ts';
import { createRateLimit, type CountedRequest } from './rate-limit.ts';

export interface ClientLimitOptions {
  /** Requests per minute and client; undefined for no limit. */
  readonly rateLimit: number | undefined;
  /** Open requests per client, so that one cannot occupy every slot of a proxy; undefined for no limit. */
  readonly openRequestsPerClient: number | undefined;
  readonly clientOf: ClientOfRequest;
}

/**
 * Counts a request. A request that is passed on from the fast path to the router is counted once: the second call
 * returns what the first one did. `path` has no query.
 */
export type CountRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => CountedRequest;

const unlimited: CountedRequest = { headers: {}, problem: undefined };

export function createClientLimits(options: ClientLimitOptions): CountRequest {
  const { rateLimit, openRequestsPerClient, clientOf } = options;
  if (rateLimit === undefined && openRequestsPerClient === undefined) return () => unlimited;
  const countInMinute = rateLimit === undefined ? () => unlimited : createRateLimit(rateLimit);
  const open = createClientShares(openRequestsPerClient ?? Infinity);
  const counted = new WeakMap<IncomingMessage, CountedRequest>();

  function count(request: IncomingMessage, response: ServerResponse, path: string): CountedRequest {
    const client = clientOf(request);
    const inMinute = probePaths.has(path) ? unlimited : countInMinute(client);
    if (inMinute.problem) return inMinute;
    const release = open.take(client);
    if (!release) return { ...inMinute, problem: tooManyOpen(openRequestsPerClient) };
    // Node emits `close` when the response has been sent and when the client has disconnected.
    response.once('close', release);
    return inMinute;
  }

  return (request, response, path) => {
    const known = counted.get(request);
    if (known) return known;
    const result = count(request, response, path);
    counted.set(request, result);
    return result;
  };
}

const tooManyOpen = (limit: number | undefined) =>
  new Problem('too-many-requests', `A client may have ${limit} requests open at once.`, {
    headers: { 'Retry-After': '1' },
  });

export function limitClients(count: CountRequest): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (c, next) => {
    const { incoming, outgoing } = c.env;
    const { headers, problem } = count(incoming, outgoing, c.req.path);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (problem) throw problem;
    await next();
  };
}
