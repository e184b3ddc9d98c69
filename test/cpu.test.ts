/** CPU time: what is read, what is concluded, and how much background work is left. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { createCpuMonitor } from '../src/cpu/cpu-monitor.ts';
import { readCpu, type CpuReading } from '../src/cpu/read-cpu.ts';
import { layOut, temporaryFolder } from './support/service.ts';

test('a quota of cgroup v2 is read with the time for which it throttled', async (t) => {
  const root = await temporaryFolder(t);
  await layOut(root, {
    'proc/self/cgroup': '0::/app\n',
    'sys/fs/cgroup/app/cpu.max': '6250 100000\n',
    'sys/fs/cgroup/app/cpu.stat': 'usage_usec 9000\nnr_periods 8\nnr_throttled 3\nthrottled_usec 250000\n',
  });
  assert.deepEqual(readCpu(root), { source: 'cgroup-v2', deniedMs: 250, quotaCores: 0.0625 });
});

test('a quota of cgroup v1 is read likewise, also where only the root of the group is visible', async (t) => {
  const root = await temporaryFolder(t);
  await layOut(root, {
    'proc/self/cgroup': '4:cpu,cpuacct:/hidden\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '5000\n',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '80000\n',
    'sys/fs/cgroup/cpu/cpu.stat': 'nr_periods 6\nnr_throttled 6\nthrottled_time 343446436\n',
  });
  assert.deepEqual(readCpu(root), { source: 'cgroup-v1', deniedMs: 343.446436, quotaCores: 0.0625 });
});

test('without a quota stolen time counts; without /proc nothing does', async (t) => {
  const root = await temporaryFolder(t);
  assert.deepEqual(readCpu(root), { source: 'none', deniedMs: 0 });
  await layOut(root, {
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/cpu.max': 'max 100000\n',
    'proc/stat': 'cpu  310673 18864 68942 833684 1055 0 901 175 0 0\ncpu0 1 2 3\n',
  });
  assert.deepEqual(readCpu(root), { source: 'steal', deniedMs: 1_750 / availableParallelism() });
});

/** Replays readings, one a second, and returns what the monitor concluded after each. */
function replay(source: CpuReading['source'], deniedMs: readonly number[], quotaCores?: number) {
  let now = 0;
  const changes: string[] = [];
  const monitor = createCpuMonitor({
    read: () => ({ source, deniedMs: deniedMs[now] ?? Number.NaN, quotaCores }),
    nowMs: () => now * 1_000,
    onChange: ({ state }) => changes.push(state),
  });
  const states = deniedMs.slice(1).map(() => {
    now += 1;
    monitor.sample();
    return monitor.state();
  });
  return { monitor, states, changes };
}

/**
 * throttled_time in ms, once a second, of a process in a cgroup of 5 ms in every 80 ms: it starts, is idle, wants a
 * whole core for three seconds, and is idle again. Recorded under Linux 6.18.
 */
const recorded = [
  0, 343, 590, 590, 1_218, 1_890, 2_666, 2_746, 2_746, 2_746, 2_746, 2_746, 2_746, 2_746, 2_746,
];

test('a recorded series of throttling makes the machine tight, throttled, tight and free again', () => {
  const { states, changes, monitor } = replay('cgroup-v1', recorded, 0.0625);
  assert.deepEqual(changes, ['tight', 'throttled', 'tight', 'free']);
  assert.deepEqual(states.slice(3, 6), ['tight', 'throttled', 'throttled']);
  assert.deepEqual(monitor.status(), {
    state: 'free',
    source: 'cgroup-v1',
    deniedShare: 0.023,
    cores: 0.0625,
  });
});

test('a virtual machine that gets 6 % of a core while it wants it all is throttled; one that is idle is not', () => {
  const wanting = replay('steal', [0, 940, 1_880, 2_820]);
  assert.equal(wanting.monitor.state(), 'throttled');
  const idle = replay('steal', [5_000, 5_010, 5_010, 5_020]);
  assert.deepEqual([idle.changes, idle.monitor.status().cores], [[], null]);
});

const rejectsBackground = (quotaCores: number | undefined, sinceRequestMs: number) =>
  createCpuMonitor({
    read: () => ({ source: 'cgroup-v2', deniedMs: 0, quotaCores }),
    sinceRequestMs: () => sinceRequestMs,
  }).rejectsBackground();

test('with the CPU time of one text a period, background work begins only after half a second without a request', () => {
  assert.deepEqual([rejectsBackground(0.0625, 100), rejectsBackground(0.0625, 600)], [true, false]);
  assert.deepEqual([rejectsBackground(0.25, 100), rejectsBackground(undefined, 0)], [false, false]);
});

test('on a part of a core background texts run one by one', () => {
  assert.equal(replay('cgroup-v2', [0, 0], 0.25).monitor.backgroundBatch(16), 1);
  assert.equal(replay('cgroup-v2', [0, 0]).monitor.backgroundBatch(16), 16);
});

function backgroundWork(deniedMs: readonly number[], quotaCores?: number) {
  const { monitor } = replay('cgroup-v2', deniedMs, quotaCores);
  return [monitor.state(), monitor.backgroundPercent(50), monitor.coverageBudgetMs(200)];
}

test('background work shrinks when the machine is tight, stops when it is throttled, and counts from the quota', () => {
  assert.deepEqual(backgroundWork([0, 0]), ['free', 50, 200]);
  assert.deepEqual(backgroundWork([0, 0], 0.25), ['free', 12.5, 200]);
  assert.deepEqual(backgroundWork([0, 0], 4), ['free', 50, 200]);
  assert.deepEqual(backgroundWork([0, 400], 0.25), ['tight', 3.125, 50]);
  assert.deepEqual(backgroundWork([0, 900, 1_800], 0.25), ['throttled', 0, 0]);
});

test('a counter that starts anew, as in another cgroup, is not taken for throttling', () => {
  assert.deepEqual(replay('cgroup-v2', [90_000, 10, 20]).changes, []);
});
