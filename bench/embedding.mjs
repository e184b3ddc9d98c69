/**
 * Embedding the same 1,000 restaurant texts one after the other on one thread: ms a text, load time, memory, and how
 * near the vectors are to the fp32 reference. Each contender in a process of its own, three rounds in turn; medians
 * of the rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goalsHeading, heading, isQuick, row, show, tell } from './goals.mjs';
import { cacheFolder, findPython, pythonPackages } from './python-environment.mjs';
import { median, root, syntheticRestaurants, temporaryFolder } from './service.mjs';
import { dot, DIMENSIONS } from './synthetic-vectors.mjs';

const ROUNDS = isQuick ? 1 : 3;
const TEXTS = isQuick ? 40 : 1_000;
const RUN_TIMEOUT_MS = 180_000;
const bench = join(root, 'bench');
const model = join(root, 'models/all-MiniLM-L6-v2');
const folder = temporaryFolder();
const input = join(folder, 'input.json');

function writeInput() {
  const lines = readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8').trim().split('\n');
  const sample = lines.map((line) => JSON.parse(line));
  const restaurants = [...sample, ...syntheticRestaurants(1_000)].slice(0, TEXTS);
  const textOf = ({ name, cuisineType, description }) =>
    [name, cuisineType, description].filter(Boolean).join(' ');
  writeFileSync(input, JSON.stringify({ restaurants, texts: restaurants.map(textOf) }));
}

/** The fp32 weights as ONNX, made once; undefined when they cannot be made. */
function exportWeights(python) {
  const target = join(cacheFolder, 'all-MiniLM-L6-v2-fp32');
  const graph = join(target, 'onnx/model.onnx');
  if (existsSync(join(target, 'config.json')) && existsSync(graph)) return target;
  rmSync(target, { recursive: true, force: true });
  const { status, stderr } = spawnSync(python, [join(bench, 'embedding.py'), 'export', target, model], {
    encoding: 'utf8',
    timeout: RUN_TIMEOUT_MS,
  });
  if (status === 0) return target;
  console.log(`transformers.js fp32 is left out: no ONNX export (${stderr.trim().split('\n').at(-1)})\n`);
  return undefined;
}

const own = (...args) => ({
  command: process.execPath,
  args: [join(bench, 'embedding-contender.mjs'), ...args],
});

function listContenders() {
  const vectors = (name) => join(folder, `${name}.f32`);
  const list = {
    child: { title: 'TasteMatch, model process alone', ...own('child', input, vectors('child')) },
    service: {
      title: 'TasteMatch, cold GET: service and model process',
      ...own('service', input, vectors('service')),
    },
    bare: { title: 'onnxruntime-node int8, in process', ...own('bare', input, vectors('bare')) },
    q8: {
      title: 'transformers.js q8 (same file)',
      ...own('transformers', input, vectors('q8'), model, 'q8'),
    },
  };
  const python = findPython();
  if (!python) return list;
  const args = [join(bench, 'embedding.py'), 'measure', input, vectors('torch')];
  list.torch = { title: 'sentence-transformers, PyTorch fp32', command: python, args };
  const weights = exportWeights(python);
  const fp32 = weights && own('transformers', input, vectors('fp32'), weights, 'fp32');
  if (fp32) list.fp32 = { title: 'transformers.js fp32', ...fp32 };
  return list;
}

function run({ title, command, args }) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: RUN_TIMEOUT_MS });
  const line = stdout?.trim().split('\n').at(-1) ?? '';
  if (status === 0 && line.startsWith('{')) return JSON.parse(line);
  console.log(`${title} failed: ${stderr?.trim().split('\n').at(-1) || 'no answer in time'}\n`);
  return undefined;
}

function meanCosine(name, reference) {
  const read = (one) => {
    const bytes = readFileSync(join(folder, `${one}.f32`));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const [vectors, wanted] = [read(name), read(reference)];
  let sum = 0;
  for (let at = 0; at < vectors.length; at += DIMENSIONS) {
    sum += dot(vectors.subarray(at, at + DIMENSIONS), wanted, at);
  }
  return sum / (vectors.length / DIMENSIONS);
}

writeInput();
const contenders = listContenders();
const names = Object.keys(contenders);
const failed = new Set();
const rounds = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  // Another one first each time: none of them always has the coolest or the warmest processor.
  const order = names.map((_, index) => names[(index + round) % names.length]);
  for (const name of order.filter((one) => !failed.has(one))) {
    const figures = run(contenders[name]);
    if (figures) rounds[name].push(figures);
    else failed.add(name);
  }
}
if (failed.size > 0) process.exitCode = 1;
const has = (name) => contenders[name] && !failed.has(name);

const of = (name, field) => median(rounds[name].map((round) => round[field]));
heading(
  `${TEXTS} texts, one thread, ${ROUNDS} rounds`,
  'p50 ms',
  'p99 ms',
  'load ms',
  'RSS MB',
  'PSS',
  'anonymous',
  'peak RSS',
  'mean cosine to fp32',
);
for (const name of names.filter(has)) {
  const figures = ['p50', 'p99', 'loadMs', 'rssMb', 'pssMb', 'anonymousMb', 'peakRssMb'];
  const cosine = has('torch') ? meanCosine(name, 'torch').toFixed(4) : '–';
  row(contenders[name].title, ...figures.map((field) => show(of(name, field))), cosine);
}

/** Ratios are made round by round: what slows one round slows both. */
const timesAsFast = (name) => median(rounds[name].map(({ p50 }, round) => p50 / rounds.child[round].p50));
const shareOfMemory = (name) => of('child', 'rssMb') / of(name, 'rssMb');
console.log('');
goalsHeading('model process against');
if (has('torch')) {
  tell('sentence-transformers: times as fast', timesAsFast('torch'), '×', { atLeast: 3.5 });
  tell('sentence-transformers: share of its RSS', shareOfMemory('torch'), '', { atMost: 1 / 6 });
}
if (has('fp32')) tell('transformers.js fp32: times as fast', timesAsFast('fp32'), '×', { atLeast: 1.9 });
if (has('q8')) {
  tell('transformers.js q8: times as fast', timesAsFast('q8'), '×', { atLeast: 1 });
  tell('transformers.js q8: share of its RSS', shareOfMemory('q8'), '', { atMost: 0.65 });
}
if (has('bare')) tell('onnxruntime-node in process: times as fast', timesAsFast('bare'), '×');
if (has('torch')) console.log(`\nPython packages: ${pythonPackages.join(', ')}.`);
