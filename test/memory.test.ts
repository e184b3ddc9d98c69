/** Memory: what is read, what is decided, and what clients notice of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryGovernor, type MemoryDecision } from '../src/memory/memory-governor.ts';
import { readMemory } from '../src/memory/memory-limit.ts';
import { layOut, startService, temporaryFolder, until } from './support/service.ts';

const MB = 1_048_576;

const meminfo = { 'proc/meminfo': 'MemTotal: 1000000 kB\nMemAvailable: 600000 kB\n' };

interface ResidentBytes {
  readonly service: { readonly rssBytes: number };
  readonly model: { readonly rssBytes: number };
}
const resident = ({ service, model }: ResidentBytes) => service.rssBytes + model.rssBytes;

test('a cgroup v2 limit counts anonymous and kernel memory, not page cache', async (t) => {
  const root = await temporaryFolder(t);
  await layOut(root, {
    ...meminfo,
    'proc/self/cgroup': '0::/app\n',
    'sys/fs/cgroup/app/memory.max': `${256 * MB}\n`,
    'sys/fs/cgroup/app/memory.stat': `anon ${40 * MB}\nfile ${190 * MB}\nkernel ${2 * MB}\n`,
  });
  assert.deepEqual(readMemory(root), { limitBytes: 256 * MB, usedBytes: 42 * MB, source: 'cgroup-v2' });
});

test('a cgroup v1 limit is read likewise, also where only the root of the group is visible', async (t) => {
  const root = await temporaryFolder(t);
  await layOut(root, {
    ...meminfo,
    'proc/self/cgroup': '4:cpu,memory:/hidden\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': `${128 * MB}`,
    'sys/fs/cgroup/memory/memory.stat': `cache ${99 * MB}\ntotal_rss ${50 * MB}\n`,
    'sys/fs/cgroup/memory/memory.kmem.usage_in_bytes': `${3 * MB}`,
  });
  assert.deepEqual(readMemory(root), { limitBytes: 128 * MB, usedBytes: 53 * MB, source: 'cgroup-v1' });
});

test("without a limit, or with one above the machine's memory, the machine counts", async (t) => {
  const root = await temporaryFolder(t);
  await layOut(root, {
    ...meminfo,
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/memory.max': 'max',
    'sys/fs/cgroup/memory.stat': 'anon 1\n',
  });
  assert.deepEqual(readMemory(root), {
    limitBytes: 1_000_000 * 1024,
    usedBytes: 400_000 * 1024,
    source: 'machine',
  });
});

test('under pressure memory is given back in order, one thing at a time, and refused when nothing is left', async () => {
  let usedBytes = 99 * MB;
  const given: string[] = [];
  const decisions: MemoryDecision[] = [];
  const relief = (name: string, bytes: number) => ({
    name,
    relieve() {
      const now = given.includes(name) ? 0 : bytes;
      given.push(name);
      return now;
    },
  });
  const governor = createMemoryGovernor({
    read: () => ({ limitBytes: 100 * MB, usedBytes, source: 'configured' }),
    reliefs: [relief('matrix', 5), relief('query-cache', 0), relief('model', 7)],
    onDecision: (decision) => decisions.push(decision),
  });
  for (let i = 0; i < 4; i += 1) await governor.check();
  assert.ok(governor.isRefusing());
  usedBytes = 50 * MB;
  await governor.check();
  assert.ok(!governor.isRefusing());
  assert.deepEqual(
    decisions.map(({ decision, what, bytesReturned }) => [decision, what, bytesReturned]),
    [
      ['relieved', 'matrix', 5],
      ['relieved', 'model', 7],
      ['refusing', 'vector routes', undefined],
      ['recovered', 'vector routes', undefined],
    ],
  );
});

test('a model that does not fit leaves reads answered as pending, and keyword search working', async (t) => {
  const service = await startService(t, { MEMORY_LIMIT_MB: '70', EMBED_WAIT_MS: '20000' });
  await service.request('POST', '/restaurants', { name: 'Cantina Lilla', cuisineType: 'Italiana' });
  const read = await service.get('/restaurants/1');
  assert.equal(read.status, 200);
  assert.deepEqual([read.body.embedding.status, read.body.embedding.reason], ['pending', 'memory']);
  const { cold, warm } = (await service.get('/model')).body.reads;
  assert.deepEqual([cold.count, warm.count], [0, 0], 'a rejected embedding is no read that could be timed');
  assert.deepEqual(service.childPids(), []);
  const found = await service.get('/search?q=cantina');
  assert.deepEqual([found.body.degraded, found.body.reason, found.body.items.length], [true, 'memory', 1]);
  const { memory } = (await service.get('/model')).body;
  assert.deepEqual([memory.limitBytes, memory.source], [70 * MB, 'configured']);
  // Read one after the other: what was freed between them is forgiven.
  assert.ok(memory.usedBytes > 10 * MB);
  assert.ok(Math.abs(memory.usedBytes - memory.service.anonymousBytes) < 5 * MB);
  assert.match(
    (await service.get('/metrics')).body,
    /memory_decisions_total\{decision="refused-load",what="model"\} [1-9]/,
  );
});

test('when nothing is left to give back, ranking is refused for a while and the catalogue is not', async (t) => {
  const service = await startService(t, { MEMORY_LIMIT_MB: '20' });
  await service.request('POST', '/restaurants', { name: 'Cantina Lilla' });
  await until('ranking is refused', async () => (await service.get('/model')).body.memory.refusing);
  for (const path of ['/restaurants/1/similar?mode=keyword', '/search?q=a&mode=semantic']) {
    const refused = await service.get(path);
    assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable'], path);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  }
  const likes = { likes: [{ id: 1 }] };
  assert.equal((await service.request('POST', '/recommendations?mode=keyword', likes)).status, 503);
  const degraded = (await service.get('/search?q=cantina')).body;
  assert.deepEqual([degraded.degraded, degraded.reason, degraded.items.length], [true, 'memory', 1]);
  for (const path of ['/restaurants/1', '/restaurants', '/search?q=a&mode=keyword', '/embeddings']) {
    assert.equal((await service.get(path)).status, 200, path);
  }
});

test('unloading tells, in the answer and in the log, how many bytes came back', async (t) => {
  const service = await startService(t, { EMBED_WAIT_MS: '20000' });
  await service.request('POST', '/restaurants', { name: 'Cantina Lilla' });
  await service.get('/restaurants/1');
  const before = resident((await service.get('/model')).body.memory);
  const unloaded = (await service.request('POST', '/model/unload')).body;
  const difference = before - resident(unloaded.memory);
  assert.ok(
    Math.abs(unloaded.returnedNow - difference) < 16 * MB,
    `${unloaded.returnedNow} of ${difference} bytes`,
  );
  assert.equal(unloaded.memory.model.rssBytes, 0);
  assert.equal(unloaded.bytesReturned, unloaded.returnedNow);
  const line = await until('it is logged', () =>
    service.log.find(({ msg }) => msg === 'model process ended'),
  );
  assert.deepEqual([line['reason'], line['bytesReturned']], ['unload', unloaded.returnedNow]);
});
