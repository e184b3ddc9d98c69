/** What the machine's page says of a state that a test cannot bring about on every host. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from 'hono/html';
import { wordsOf } from '../src/explorer/languages/words.ts';
import { MachinePanels } from '../src/explorer/machine/machine-page.tsx';
import type { MachineState } from '../src/explorer/machine/machine-state.ts';
import { statusOf } from '../src/explorer/machine/status-sentence.ts';
import { createHistory } from '../src/telemetry/history.ts';
import { createIntervalLatency } from '../src/telemetry/interval-latency.ts';

const process = { rssBytes: 0, anonymousBytes: 0 };
const reads = { count: 0, p50Ms: null, p99Ms: null };
const sample = {
  usedBytes: 1,
  coldMedianMs: 9,
  coldSlowestMs: 90,
  warmMedianMs: 0.2,
  warmSlowestMs: 2,
  inferencesPerSecond: 0,
};
const quiet: MachineState = {
  modelName: 'model',
  counts: { total: 10, ready: 4, missing: 6, stale: 0, failed: 0 },
  model: {
    state: 'ready',
    inferences: 4,
    queued: 0,
    loads: 1,
    unloads: 0,
    memoryBytes: 0,
    bytesReturned: 0,
  },
  memory: {
    limitBytes: 256 * 1_048_576,
    usedBytes: 64 * 1_048_576,
    source: 'cgroup-v2',
    refusing: false,
    service: process,
    model: process,
  },
  cpu: { state: 'free', source: 'cgroup-v2', deniedShare: 0.01, cores: 0.0625 },
  reads: { cold: reads, warm: reads },
  backfill: {
    state: 'idle',
    done: 0,
    failed: 0,
    total: 0,
    textsPerSecond: 0,
    estimatedSecondsLeft: null,
    batchSize: 1,
    startedAt: null,
  },
  samples: [
    { ...sample, cpuLevel: 0 },
    { ...sample, cpuLevel: 1 },
    { ...sample, cpuLevel: 2 },
  ],
  minutes: 1,
  events: [],
};
const throttled: MachineState = {
  ...quiet,
  cpu: { ...quiet.cpu, state: 'throttled', deniedShare: 0.57 },
  backfill: { ...quiet.backfill, state: 'waiting', reason: 'cpu' },
};

test('the status says in words how the CPU is, and why', () => {
  const { en, pt } = wordsOf;
  assert.deepEqual(statusOf(en, quiet), {
    isWell: true,
    text: 'All is well. 4 of 10 indexed, the model is loaded, 64 MB of 256 MB memory in use, CPU free.',
  });
  const tight = {
    ...quiet,
    cpu: { ...quiet.cpu, state: 'tight', source: 'steal', deniedShare: 0.12 },
  } as const;
  assert.equal(statusOf(en, tight).isWell, true);
  assert.match(
    statusOf(en, tight).text,
    /CPU tight\. CPU time is tight: the hypervisor withheld 12 % of the last seconds, so background work is slowed down\.$/,
  );
  assert.equal(statusOf(en, throttled).isWell, false);
  assert.match(
    statusOf(en, throttled).text,
    /^The CPU is throttled: the CPU quota withheld 57 % of the last seconds, so background work is paused\./,
  );
  assert.match(
    statusOf(pt, throttled).text,
    /^A CPU está limitada: a cota de CPU reteve 57 % dos últimos segundos, e o trabalho em segundo plano está pausado\./,
  );
});

const shown = async (words: (typeof wordsOf)['en'], state: MachineState): Promise<string> =>
  (await html`${MachinePanels({ words, state })}`).toString();

test('a backfill that waits says for what, and the state of the CPU is drawn as steps', async () => {
  assert.match(await shown(wordsOf.en, throttled), /paused \(CPU\)/);
  assert.match(await shown(wordsOf.pt, throttled), /pausada \(CPU\)/);
  const short: MachineState = { ...throttled, backfill: { ...throttled.backfill, reason: 'memory' } };
  assert.match(await shown(wordsOf.en, short), /paused \(memory\)/);
  assert.match(await shown(wordsOf.pt, short), /pausada \(memória\)/);
  assert.match(
    await shown(wordsOf.en, throttled),
    /<path class="line cpu" d="M178\.0 39\.0h0L179\.0 20\.0L180\.0 1\.0"/,
  );
  for (const line of ['cold', 'cold slowest', 'warm', 'warm slowest'])
    assert.ok((await shown(wordsOf.en, throttled)).includes(`<path class="line ${line}" d="M`), line);
});

test('a sample has median and slowest of its five seconds, and how the CPU was', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let state: 'free' | 'throttled' = 'free';
  const history = createHistory({
    memory: { status: () => ({ usedBytes: 7 }) },
    embedder: { status: () => ({ inferences: 10 }) },
    cpu: { state: () => state },
  });
  for (const ms of [3, 1, 50]) history.noteRead('cold', ms);
  t.mock.timers.tick(5_000);
  state = 'throttled';
  t.mock.timers.tick(5_000);
  assert.deepEqual(history.samples(), [
    {
      usedBytes: 7,
      coldMedianMs: 3,
      coldSlowestMs: 50,
      warmMedianMs: NaN,
      warmSlowestMs: NaN,
      inferencesPerSecond: 2,
      cpuLevel: 0,
    },
    {
      usedBytes: 7,
      coldMedianMs: NaN,
      coldSlowestMs: NaN,
      warmMedianMs: NaN,
      warmSlowestMs: NaN,
      inferencesPerSecond: 0,
      cpuLevel: 2,
    },
  ]);
});

test('the median of an interval is that of its latest reads, however many there were', () => {
  const latency = createIntervalLatency();
  latency.note(500);
  for (let i = 0; i < 1_000; i += 1) latency.note(i % 2 === 0 ? 1 : 3);
  assert.deepEqual(latency.take(), { medianMs: 3, slowestMs: 500 });
  assert.deepEqual(latency.take(), { medianMs: NaN, slowestMs: NaN });
});
