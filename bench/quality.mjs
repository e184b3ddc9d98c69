/** Quality: int8 against the fp32 reference, and retrieval on the sample catalogue's hand-written queries by mode. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChildEmbedder } from '../dist/src/inference/child-embedder.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { root, startService, temporaryFolder, toNdjson } from './service.mjs';

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
function ranksOf(values) {
  const order = values.map((value, index) => [value, index]).sort((a, b) => a[0] - b[0]);
  const ranks = new Array(values.length);
  order.forEach(([, index], rank) => (ranks[index] = rank));
  return ranks;
}
function spearman(a, b) {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (x.length - 1) / 2;
  const covariance = x.reduce((sum, value, i) => sum + (value - middle) * (y[i] - middle), 0);
  return covariance / x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

console.log(
  '| model (int8 against fp32, 39 texts) | lowest cosine | mean cosine | Spearman of all pairs |\n|---|---|---|---|',
);
for (const name of ['all-MiniLM-L6-v2', 'paraphrase-MiniLM-L3-v2']) {
  const folder = join(root, 'models', name);
  const { cases } = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
  const embedder = createChildEmbedder({
    identify: () => findModelFiles(folder),
    queueLimit: 100,
    timeoutMs: 10_000,
    idleSeconds: 0,
  });
  const vectors = await Promise.all(cases.map(({ text }) => embedder.embed(text, 'read').vector));
  await embedder.close();
  const cosines = vectors.map((vector, i) => dot(vector, cases[i].vector));
  const pairs = (all) => all.flatMap((one, i) => all.slice(i + 1).map((other) => dot(one, other)));
  const reference = pairs(cases.map(({ vector }) => vector));
  console.log(
    `| ${name} | ${Math.min(...cosines).toFixed(4)} | ${mean(cosines).toFixed(4)} | ${spearman(pairs(vectors), reference).toFixed(4)} |`,
  );
}

const queries = JSON.parse(readFileSync(join(root, 'data/queries.json'), 'utf8'));
const service = await startService({ folder: temporaryFolder(), environment: { EMBED_WAIT_MS: '20000' } });
await service.request(
  'POST',
  '/restaurants/import',
  readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8'),
  'application/x-ndjson',
);
for (let id = 1; id <= 137; id += 1) await service.get(`/restaurants/${id}`);
console.log('\n| mode | recall@5 | nDCG@10 | a right one among the first five |\n|---|---|---|---|');
for (const mode of ['keyword', 'semantic', 'hybrid']) {
  const recalls = [];
  const gains = [];
  let hits = 0;
  for (const { query, relevant } of queries) {
    const wanted = new Set(relevant);
    const { body } = await service.get(`/search?mode=${mode}&limit=10&q=${encodeURIComponent(query)}`);
    const found = body.items.map(({ restaurant }) => wanted.has(restaurant.externalId));
    const top = found.slice(0, 5).filter(Boolean).length;
    hits += top > 0 ? 1 : 0;
    recalls.push(top / Math.min(5, wanted.size));
    const gain = (list) => list.reduce((sum, isRight, i) => sum + (isRight ? 1 / Math.log2(i + 2) : 0), 0);
    gains.push(gain(found) / gain(Array.from({ length: Math.min(10, wanted.size) }, () => true)));
  }
  console.log(
    `| ${mode} | ${mean(recalls).toFixed(3)} | ${mean(gains).toFixed(3)} | ${hits} of ${queries.length} |`,
  );
}
await service.stop();
