/**
 * Load shedding. Node starts the handler of a request as soon as it is parsed, so that under overload every request is
 * started and all of them are slow. Here parsed requests wait until earlier ones have had their share of the event
 * loop, and those that would wait too long are rejected at once, before any work is done for them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequestBacklog, type RequestBacklog } from './request-backlog.ts';
import { requestClassOf, type RequestClass } from './request-class.ts';
import { rejectOverloaded } from './reject-overloaded.ts';
import { createWorkClock } from './work-clock.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
type Exchange = readonly [IncomingMessage, ServerResponse];

export interface LoadSheddingOptions {
  /** How long a request may have waited during an overload for another one to be accepted, in ms of work. */
  readonly maxWaitMs: number;
  /** Share of the time in which the machine gives no CPU time, 0–1. */
  readonly deniedShare?: () => number;
  /** Headers of a rejection that depend on the request's origin; names and values in turn. */
  readonly crossOriginHeaders?: (origin: string | undefined) => readonly string[];
  readonly onReject?: (requestClass: RequestClass) => void;
  /** Called when the first request is rejected, and with their number when none has been for a second. */
  readonly onOverload?: (event: 'begin' | 'end', rejected: number) => void;
}

/** Up to this many requests are started at once, however late the event loop is. */
const ALWAYS_STARTED = 4;
/** Time in one turn of the event loop for priority requests; new ones are read from the sockets between two turns. */
const PRIORITY_SLICE_MS = 5;
/** Time after which no more ordinary requests are started; those in progress continue in the same turn. */
const ORDINARY_SLICE_MS = 3;
/**
 * A burst may wait this many times as long: with the default of 10 ms, for 1,000 and for 500 ms of work. 1,000 first
 * reads of one restaurant take 300 ms, 64 searches 320 ms.
 */
const BURST_FACTORS = { priority: 100, ordinary: 50 } as const;
const CHECK_END_EVERY_MS = 250;

/** Returns a listener that passes requests on to `start`, or rejects them. */
export function shedLoad(start: Listener, options: LoadSheddingOptions): Listener {
  const { maxWaitMs, deniedShare, crossOriginHeaders = () => [] } = options;
  const { onReject = () => {}, onOverload = () => {} } = options;
  const workMs = createWorkClock(deniedShare ? { deniedShare } : {});
  const createBacklog = (requestClass: 'priority' | 'ordinary') =>
    createRequestBacklog<Exchange>({ burstMs: BURST_FACTORS[requestClass] * maxWaitMs, maxWaitMs });
  const priority = createBacklog('priority');
  const ordinary = createBacklog('ordinary');
  const time = () => ({ nowMs: performance.now(), workMs: workMs() });
  let isScheduled = false;
  /** The work clock when the last slice ended; undefined if no request was left waiting. */
  let sliceEndedAtMs: number | undefined;
  let rejected = 0;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => void serve());
  }

  function next(backlog: RequestBacklog<Exchange>): boolean {
    const exchange = backlog.take();
    // The client has disconnected: nothing is computed for it.
    if (exchange && !exchange[0].socket.destroyed) start(...exchange);
    return exchange !== undefined;
  }

  /** One turn of the event loop. */
  async function serve(): Promise<void> {
    if (priority.size() + ordinary.size() <= ALWAYS_STARTED) startAll();
    else await startSome();
    isScheduled = false;
    if (priority.size() + ordinary.size() > 0) schedule();
    else sliceEndedAtMs = undefined;
  }

  function startAll(): void {
    while (next(priority) || next(ordinary));
  }

  /**
   * Requests of both classes, priority first. What earlier requests computed since the last slice counts against the
   * ordinary ones, of which one is started in any case.
   */
  async function startSome(): Promise<void> {
    const started = time();
    priority.passOver(started.workMs);
    ordinary.passOver(started.workMs);
    const earlierMs = sliceEndedAtMs === undefined ? 0 : started.workMs - sliceEndedAtMs;
    const elapsedMs = () => performance.now() - started.nowMs;
    while (elapsedMs() < PRIORITY_SLICE_MS && next(priority)) await microtasksDone();
    do {
      if (!next(ordinary)) break;
      await microtasksDone();
    } while (earlierMs + elapsedMs() < ORDINARY_SLICE_MS);
    sliceEndedAtMs = workMs();
  }

  function reject([request, response]: Exchange, requestClass: RequestClass): void {
    if (rejected === 0) watchOverload();
    rejected += 1;
    rejectOverloaded(response, crossOriginHeaders(request.headers.origin));
    onReject(requestClass);
  }

  function watchOverload(): void {
    onOverload('begin', 0);
    const timer = setInterval(() => {
      const nowMs = performance.now();
      if (priority.isOverloaded(nowMs) || ordinary.isOverloaded(nowMs)) return;
      clearInterval(timer);
      onOverload('end', rejected);
      rejected = 0;
    }, CHECK_END_EVERY_MS).unref();
  }

  return (request, response) => {
    const requestClass = requestClassOf(request);
    if (requestClass === 'probe') return start(request, response);
    const exchange: Exchange = [request, response];
    const backlog = requestClass === 'priority' ? priority : ordinary;
    if (backlog.add(exchange, time)) schedule();
    else reject(exchange, requestClass);
  };
}

/** Resolves when handlers that only wait for resolved promises have sent their responses. */
const microtasksDone = () =>
  new Promise<void>((resolve) => {
    queueMicrotask(() => process.nextTick(resolve));
  });
