/** Which requests wait and which are rejected when the service gets more than it can answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALWAYS_ACCEPTED, CALM_MS, createRequestBacklog } from '../src/server/request-backlog.ts';
import { requestClassOf } from '../src/server/request-class.ts';
import { createWorkClock } from '../src/server/work-clock.ts';
import { importText } from './support/import.ts';
import { rows } from './support/database-file.ts';
import { startService, until } from './support/service.ts';

const MAX_WAIT_MS = 20;
const BURST_MS = 100;
const TURN_MS = 5;

/** Turns of the event loop, one every 5 ms of work: in each, `arriving` requests come and `served` are started. */
function createTurns() {
  const backlog = createRequestBacklog<number>({ burstMs: BURST_MS, maxWaitMs: MAX_WAIT_MS });
  let nowMs = 0;
  let sent = 0;
  const waits: number[] = [];
  /** Returns how many were rejected. */
  function turn(arriving: number, served: number): number {
    let rejected = 0;
    for (let i = 0; i < arriving; i += 1) {
      sent += 1;
      if (!backlog.add(nowMs, () => ({ nowMs, workMs: nowMs }))) rejected += 1;
    }
    nowMs += TURN_MS;
    backlog.passOver(nowMs);
    for (let i = 0; i < served; i += 1) {
      const sentAtMs = backlog.take();
      if (sentAtMs !== undefined) waits.push(nowMs - sentAtMs);
    }
    return rejected;
  }
  const turns = (count: number, arriving: number, served: number) =>
    Array.from({ length: count }, () => turn(arriving, served)).reduce((sum, rejected) => sum + rejected, 0);
  return { turns, backlog, waits, pass: (ms: number) => (nowMs += ms), now: () => nowMs, sent: () => sent };
}

test('a burst waits until it is served, however long the queue is', () => {
  const { turns, backlog } = createTurns();
  assert.equal(turns(1, 1_000, 50), 0);
  assert.equal(turns(19, 1, 51), 0);
  assert.equal(backlog.size(), 0);
});

test('behind a queue that stands requests are rejected when they arrive, and what is accepted waits briefly', () => {
  const { turns, backlog, waits, now, sent } = createTurns();
  turns(100, 20, 10);
  assert.ok(backlog.isOverloaded(now()));
  waits.length = 0;
  const before = sent();
  const rejected = turns(200, 20, 10);
  const share = rejected / (sent() - before);
  assert.ok(share > 0.45 && share < 0.55, `${share} is rejected at twice of what can be served`);
  assert.ok(Math.max(...waits) <= 3 * MAX_WAIT_MS, `what is accepted waits up to ${Math.max(...waits)} ms`);
});

test('a service that keeps up rejects nothing, also when each turn of the event loop is late', () => {
  const { turns, pass } = createTurns();
  for (let i = 0; i < 50; i += 1) {
    // A garbage collection, a batch of an import, or a search.
    pass(60);
    assert.equal(turns(1, 10, 0), 0);
    assert.equal(turns(1, 0, 10), 0);
    assert.equal(turns(1, 0, 0), 0);
  }
  for (let i = 0; i < 50; i += 1) {
    // A few clients that always have a request waiting.
    pass(60);
    assert.equal(turns(1, i === 0 ? ALWAYS_ACCEPTED : 1, 1), 0);
  }
});

test('an overload is over when no request was rejected for a second', () => {
  const { turns, backlog, pass, now } = createTurns();
  turns(100, 20, 10);
  turns(20, 0, 20);
  assert.ok(backlog.isOverloaded(now()), 'the next burst is cut at once');
  pass(CALM_MS);
  assert.ok(!backlog.isOverloaded(now()));
  assert.equal(turns(10, 20, 10), 0);
});

test('time in which the machine gives no CPU time is no waiting', () => {
  let nowMs = 0;
  let cpuMs = 0;
  let deniedShare = 0;
  const workMs = createWorkClock({ nowMs: () => nowMs, cpuMs: () => cpuMs, deniedShare: () => deniedShare });
  // A quota of 5 ms in 80 ms.
  for (let i = 0; i < 10; i += 1) {
    nowMs += 80;
    cpuMs += 5;
    workMs();
  }
  assert.equal(workMs(), 50);
  // A hypervisor that counts what it takes as time of the process.
  deniedShare = 0.9;
  nowMs += 100;
  cpuMs += 100;
  assert.ok(Math.abs(workMs() - 60) < 1e-9);
  // Four threads that compute.
  deniedShare = 0;
  nowMs += 10;
  cpuMs += 40;
  assert.ok(Math.abs(workMs() - 70) < 1e-9);
});

test('probes never wait; single reads and writes come before lists and searches', () => {
  const classes = [
    ['GET', '/healthz', 'probe'],
    ['GET', '/readyz', 'probe'],
    ['GET', '/restaurants/12', 'priority'],
    ['GET', '/restaurants/12?include=vector', 'priority'],
    ['POST', '/restaurants', 'priority'],
    ['POST', '/restaurants/import', 'priority'],
    ['PATCH', '/restaurants/12', 'priority'],
    ['GET', '/metrics', 'priority'],
    ['GET', '/restaurants', 'ordinary'],
    ['GET', '/restaurants/12/similar', 'ordinary'],
    ['POST', '/recommendations?mode=keyword', 'ordinary'],
    ['GET', '/', 'ordinary'],
  ] as const;
  for (const [method, url, expected] of classes)
    assert.equal(requestClassOf({ method, url }), expected, `${method} ${url}`);
});

test('under overload lists are rejected before they are computed; probes, reads and writes are answered', async (t) => {
  const service = await startService(t, { OVERLOAD_WAIT_MS: '1' });
  await importText(service, 'application/x-ndjson', rows(5_000));
  await service.get('/restaurants/1');
  const stop = new AbortController();
  const crowd = Array.from({ length: 100 }, async () => {
    const rejections = [];
    while (!stop.signal.aborted) {
      const answer = await service.get('/restaurants?limit=100&minRating=1&sort=name');
      if (answer.status !== 200) rejections.push(answer);
    }
    return rejections;
  });
  await until('the overload is logged', () =>
    service.log.some(({ msg }) => String(msg).startsWith('overloaded')),
  );
  for (let i = 0; i < 20; i += 1) {
    assert.equal((await service.get('/healthz')).status, 200);
    assert.equal((await service.get('/readyz')).status, 200);
    assert.equal((await service.get('/restaurants/1')).status, 200);
    assert.equal((await service.request('POST', '/restaurants', { name: `Casa ${i}` })).status, 201);
  }
  const { body: metrics } = await service.get('/metrics');
  stop.abort();
  const rejections = (await Promise.all(crowd)).flat();
  assert.deepEqual([...new Set(rejections.map(({ status }) => status))], [503]);
  for (const { headers, body } of rejections) {
    assert.equal(body.code, 'unavailable');
    assert.equal(body.requestId, headers.get('x-request-id'));
    assert.equal(headers.get('retry-after'), '1');
    assert.match(String(headers.get('content-security-policy')), /default-src 'none'/);
  }
  assert.match(metrics, /http_requests_shed_total\{class="ordinary"\} [1-9]/);
  await until('all rejections are logged, when the overload that they belong to has ended', () => {
    const ends = service.log.filter(({ msg }) => msg === 'the overload is over');
    return ends.reduce((sum, { rejected }) => sum + Number(rejected), 0) === rejections.length;
  });
});
