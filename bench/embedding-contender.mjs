/**
 * One contender of the embedding measurement, in a process of its own: reads the texts, embeds one after the other,
 * writes the vectors, prints times and memory. `node embedding-contender.mjs NAME INPUT.json VECTORS [MODEL_FOLDER]
 * [DTYPE]`
 */
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { memoryOf, sumOf } from './process-memory.mjs';
import { childOf, median, percentile, root, startService, temporaryFolder, toNdjson } from './service.mjs';

const [, , name, inputFile, vectorsFile, modelFolder = join(root, 'models/all-MiniLM-L6-v2'), dtype] =
  process.argv;
const { restaurants, texts } = JSON.parse(readFileSync(inputFile, 'utf8'));

/** Each gives `embed(text, index)`, and what its memory is when that is not this process's own. */
const contenders = {
  async child() {
    const { createChildEmbedder } = await import('../dist/src/inference/child-embedder.js');
    const { findModelFiles } = await import('../dist/src/inference/model-files.js');
    const embedder = createChildEmbedder({
      identify: () => findModelFiles(modelFolder),
      queueLimit: 10,
      timeoutMs: 60_000,
      idleSeconds: 0,
    });
    return {
      embed: (text) => embedder.embed(text, 'read').vector,
      memory: () => memoryOf(childOf(process.pid)),
    };
  },
  async service() {
    const service = await startService({
      folder: temporaryFolder(),
      environment: { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' },
    });
    await service.request('POST', '/restaurants/import', toNdjson(restaurants), 'application/x-ndjson');
    return {
      async embed(_text, index) {
        const { body } = await service.get(`/restaurants/${index + 1}?include=vector`);
        if (body.embedding.status !== 'ready') throw new Error(JSON.stringify(body.embedding));
        return Float32Array.from(body.embedding.vector);
      },
      memory: () => sumOf(memoryOf(service.pid), memoryOf(childOf(service.pid))),
      stop: service.stop,
    };
  },
  /** The library's defaults but for the one thread; the same tokenizer as ours. */
  async bare() {
    process.env.ORT_DISABLE_TELEMETRY = '1';
    const { InferenceSession, Tensor } = createRequire(join(root, 'package.json'))('onnxruntime-node');
    const { loadTokenizer } = await import('../dist/src/inference/tokenizer.js');
    const file = (path) => join(modelFolder, path);
    const tokenize = await loadTokenizer(file('tokenizer.json'), file('tokenizer_config.json'), 256);
    const session = await InferenceSession.create(file('onnx/model_quantized.onnx'), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    return {
      async embed(text) {
        const ids = tokenize(text);
        const tensor = (values) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
        const inputs = {
          input_ids: tensor(ids),
          attention_mask: tensor(ids.map(() => 1)),
          token_type_ids: tensor(ids.map(() => 0)),
        };
        return (await session.run(inputs, ['sentence_embedding'])).sentence_embedding.data;
      },
    };
  },
  async transformers() {
    const { env, pipeline } = await import('@huggingface/transformers');
    env.allowRemoteModels = false;
    env.localModelPath = dirname(modelFolder);
    const pipe = await pipeline('feature-extraction', basename(modelFolder), {
      dtype,
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    });
    return { embed: async (text) => (await pipe(text, { pooling: 'mean', normalize: true })).data };
  },
};

const startedAt = performance.now();
const { embed, memory = () => memoryOf(process.pid), stop } = await contenders[name]();
const vectors = [Float32Array.from(await embed(texts[0], 0))];
const loadMs = performance.now() - startedAt;
const times = [];
for (const [index, text] of texts.entries()) {
  if (index === 0) continue;
  const at = performance.now();
  const vector = await embed(text, index);
  times.push(performance.now() - at);
  vectors.push(Float32Array.from(vector));
}
const figures = { p50: median(times), p99: percentile(times, 0.99), loadMs, ...memory() };
writeFileSync(vectorsFile, Buffer.concat(vectors.map((vector) => Buffer.from(vector.buffer))));
await stop?.();
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
