/** The vectors are those of the fp32 reference, within what int8 costs. */
import assert from 'node:assert/strict';
import { copyFile, cp, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createChildEmbedder } from '../src/inference/child-embedder.ts';
import { findModelFiles } from '../src/inference/model-files.ts';
import { loadTokenizer } from '../src/inference/tokenizer.ts';
import { withoutGraphOutput } from './support/onnx-graph.ts';
import { repository, temporaryFolder } from './support/service.ts';

interface GoldenCase {
  readonly text: string;
  readonly ids: readonly number[];
  readonly vector: readonly number[];
}

async function readGolden(model: string): Promise<GoldenCase[]> {
  const file = join(repository, 'models', model, 'golden.json');
  const { cases } = JSON.parse(await readFile(file, 'utf8')) as { cases: Record<string, unknown>[] };
  return cases.map((item) => ({
    text: item['text'] as string,
    ids: item['ids'] as number[],
    vector: item['vector'] as number[],
  }));
}

const cosine = (a: Float32Array, b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

async function cosines(t: TestContext, modelDir: string, golden: readonly GoldenCase[]): Promise<number[]> {
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(modelDir),
    queueLimit: 100,
    timeoutMs: 10_000,
    idleSeconds: 0,
  });
  t.after(() => embedder.close());
  const made = await Promise.all(golden.map(({ text }) => embedder.embed(text, 'read').result));
  return made.map(({ vector }, index) => cosine(vector, golden[index]?.vector ?? []));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

for (const [model, texts, lowest, average] of [
  ['tastematch-MiniLM-L6-en-pt', 49, 0.96, 0.985],
  ['all-MiniLM-L6-v2', 39, 0.96, 0.985],
  ['paraphrase-MiniLM-L3-v2', 39, 0.99, 0.99],
] as const) {
  const modelDir = join(repository, 'models', model);

  test(`${model}: all token ids are those of the reference`, async () => {
    const files = await findModelFiles(modelDir);
    const tokenize = await loadTokenizer(files.tokenizerPath, files.tokenizerConfigPath, files.maxTokens);
    const golden = await readGolden(model);
    assert.equal(golden.length, texts);
    for (const { text, ids } of golden) assert.deepEqual(tokenize(text), ids, text);
  });

  test(`${model}: every vector has a cosine of at least ${lowest} to fp32, ${average} on average`, async (t) => {
    const found = await cosines(t, modelDir, await readGolden(model));
    t.diagnostic(`lowest ${Math.min(...found).toFixed(4)}, mean ${mean(found).toFixed(4)}`);
    assert.ok(Math.min(...found) >= lowest);
    assert.ok(mean(found) >= average);
  });
}

test('a graph that gives token vectors only is pooled and normalised to the same vectors', async (t) => {
  const source = join(repository, 'models/all-MiniLM-L6-v2');
  const copy = join(await temporaryFolder(t), 'token-vectors-only');
  await mkdir(join(copy, 'onnx'), { recursive: true });
  for (const file of [
    'tokenizer.json',
    'tokenizer_config.json',
    'config.json',
    'sentence_bert_config.json',
  ]) {
    await cp(join(source, file), join(copy, file));
  }
  const data = 'onnx/model_quantized.onnx_data';
  await link(join(source, data), join(copy, data)).catch(() =>
    copyFile(join(source, data), join(copy, data)),
  );
  const graph = await readFile(join(source, 'onnx/model_quantized.onnx'));
  await writeFile(join(copy, 'onnx/model_quantized.onnx'), withoutGraphOutput(graph, 'sentence_embedding'));

  const found = await cosines(t, copy, await readGolden('all-MiniLM-L6-v2'));
  assert.ok(Math.min(...found) >= 0.96);
  assert.ok(mean(found) >= 0.985);
});
