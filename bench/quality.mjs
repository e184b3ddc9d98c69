/** Quality: the shipped int8 models against their fp32 reference, and retrieval on hand-written queries by mode. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChildEmbedder } from '../dist/src/inference/child-embedder.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { loadTokenizer } from '../dist/src/inference/tokenizer.js';
import { goalsHeading, heading, row, tell } from './goals.mjs';
import { root, startService, temporaryFolder, toNdjson } from './service.mjs';
import { dot } from './synthetic-vectors.mjs';

/** The lowest cosine to the reference that is right, and the lowest mean. */
const models = {
  'tastematch-MiniLM-L6-en-pt': { lowest: 0.96, mean: 0.985 },
  'all-MiniLM-L6-v2': { lowest: 0.96, mean: 0.985 },
  'paraphrase-MiniLM-L3-v2': { lowest: 0.99, mean: 0.99 },
};
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function ranksOf(values) {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Float64Array(values.length);
  order.forEach(({ index }, rank) => (ranks[index] = rank));
  return ranks;
}

/** Rank correlation, for values without ties. */
function spearman(a, b) {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (x.length - 1) / 2;
  const covariance = x.reduce((sum, value, i) => sum + (value - middle) * (y[i] - middle), 0);
  return covariance / x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

const pairs = (vectors) => vectors.flatMap((one, i) => vectors.slice(i + 1).map((other) => dot(one, other)));

async function compareWithReference(name) {
  const folder = join(root, 'models', name);
  const { cases } = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
  const files = await findModelFiles(folder);
  const tokenize = await loadTokenizer(files.tokenizerPath, files.tokenizerConfigPath, files.maxTokens);
  const embedder = createChildEmbedder({
    identify: async () => files,
    queueLimit: cases.length,
    timeoutMs: 10_000,
    idleSeconds: 0,
  });
  const vectors = await Promise.all(
    cases.map(({ text }) => embedder.embed(text, 'read').result.then((made) => made.vector)),
  );
  await embedder.close();
  const cosines = vectors.map((vector, i) => dot(vector, cases[i].vector));
  const otherTokens = cases.filter(({ text, ids }) => ids && String(tokenize(text)) !== String(ids));
  const correlation = spearman(pairs(vectors), pairs(cases.map(({ vector }) => vector)));
  return { texts: cases.length, cosines, otherTokens: otherTokens.length, correlation };
}

/** Recall@5 and nDCG@10 with equal gains; `hits` counts the queries with a right one among the first five. */
async function retrieve(service, mode, queries) {
  const figures = { recalls: [], gains: [], hits: 0 };
  const gain = (list) => list.reduce((sum, isRight, i) => sum + (isRight ? 1 / Math.log2(i + 2) : 0), 0);
  for (const { query, relevant } of queries) {
    const wanted = new Set(relevant);
    const { body } = await service.get(`/search?mode=${mode}&limit=10&q=${encodeURIComponent(query)}`);
    const found = body.items.map(({ restaurant }) => wanted.has(restaurant.externalId));
    const top = found.slice(0, 5).filter(Boolean).length;
    const best = Array.from({ length: Math.min(10, wanted.size) }, () => true);
    figures.hits += top > 0 ? 1 : 0;
    figures.recalls.push(top / Math.min(5, wanted.size));
    figures.gains.push(gain(found) / gain(best));
  }
  return figures;
}

goalsHeading('int8 against fp32');
for (const [name, goals] of Object.entries(models)) {
  const { texts, cosines, otherTokens, correlation } = await compareWithReference(name);
  tell(`${name}, ${texts} texts: with other tokens`, otherTokens, '', { atMost: 0 });
  tell(`${name}: lowest cosine`, Math.min(...cosines), '', { atLeast: goals.lowest });
  tell(`${name}: mean cosine`, mean(cosines), '', { atLeast: goals.mean });
  tell(`${name}: Spearman of all pairs`, correlation);
}

const queries = JSON.parse(readFileSync(join(root, 'data/queries.json'), 'utf8'));
const rows = readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const service = await startService({ folder: temporaryFolder(), environment: { EMBED_WAIT_MS: '20000' } });
await service.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
for (let id = 1; id <= rows.length; id += 1) {
  const { body } = await service.get(`/restaurants/${id}`);
  if (body.embedding.status !== 'ready') throw new Error(JSON.stringify(body.embedding));
}
console.log('');
heading(
  `${queries.length} queries, mode`,
  'recall@5',
  'nDCG@10',
  'queries with a right one in the first five',
);
const hits = {};
for (const mode of ['keyword', 'semantic', 'hybrid']) {
  const { recalls, gains, hits: count } = await retrieve(service, mode, queries);
  hits[mode] = count;
  row(mode, mean(recalls).toFixed(3), mean(gains).toFixed(3), count);
}
await service.stop();
console.log('');
goalsHeading('retrieval');
tell('hybrid: queries with a right one in the first five', hits.hybrid, '', { atLeast: 15 });
