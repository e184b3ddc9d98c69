/**
 * Search quality through the HTTP API: keyword, semantic and hybrid on every set of judged queries, with everything
 * embedded. Usage: npm run build && node bench/quality/search-quality.mjs [--queries] [--postgres]
 * `--queries` also lists the worst queries of each set; `--postgres` measures on a PostgreSQL server of its own instead
 * of SQLite.
 */
import pg from 'pg';
import { startPostgres } from '../../dist/test/support/postgres-server.js';
import { startService, temporaryFolder, toNdjson } from '../service.mjs';
import { judgedSets } from './judged-sets.mjs';
import { mean, measure, subsetsOf } from './ranking-metrics.mjs';

const modes = ['keyword', 'semantic', 'hybrid'];
const WORST = 15;

const server = process.argv.includes('--postgres') ? await startPostgres() : undefined;

/** The environment that chooses an empty database. */
async function createDatabase(index) {
  if (!server) return {};
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE judged_${index}`);
  await client.end();
  return { DATABASE_URL: server.url.replace(/postgres$/, `judged_${index}`) };
}

async function openCatalogue(rows, database) {
  const environment = { EMBED_WAIT_MS: '20000', RATE_LIMIT: 'off', ...database };
  const service = await startService({ folder: temporaryFolder(), environment });
  await service.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
  for (let id = 1; id <= rows.length; id += 1) {
    const { body } = await service.get(`/restaurants/${id}`);
    if (body.embedding.status !== 'ready') throw new Error(JSON.stringify(body.embedding));
  }
  return service;
}

async function searchAll(service, queries, mode) {
  const found = [];
  for (const { q } of queries) {
    const { body } = await service.get(`/search?mode=${mode}&limit=10&q=${encodeURIComponent(q)}`);
    found.push(body.items.map(({ restaurant }) => restaurant.externalId));
  }
  return found;
}

const show = (value) => value.toFixed(3);
const cells = (...values) => console.log(`| ${values.join(' | ')} |`);

for (const [index, { name, rows, queries }] of judgedSets.entries()) {
  const service = await openCatalogue(rows, await createDatabase(index));
  const measured = {};
  const answers = {};
  for (const mode of modes) {
    answers[mode] = await searchAll(service, queries, mode);
    measured[mode] = queries.map(({ rel }, i) => measure(answers[mode][i], rel));
  }
  await service.stop();
  console.log(`\n${name}: ${rows.length} restaurants, ${queries.length} queries\n`);
  cells('nDCG@10', 'queries', ...modes);
  cells('---', '---', ...modes.map(() => '---'));
  for (const [subset, belongs] of subsetsOf(queries)) {
    const values = modes.map((mode) =>
      mean(measured[mode].filter((_, i) => belongs(queries[i])).map((m) => m.ndcg)),
    );
    const best = Math.max(values[0], values[1]);
    const note = values[2] < best - 0.0005 ? ' (below the better mode)' : '';
    cells(subset, queries.filter(belongs).length, ...values.map(show).with(2, show(values[2]) + note));
  }
  for (const metric of ['recall', 'success']) {
    cells(
      `${metric}@${metric === 'recall' ? 5 : 1}`,
      queries.length,
      ...modes.map((mode) => show(mean(measured[mode].map((m) => m[metric])))),
    );
  }
  if (!process.argv.includes('--queries')) continue;
  const worst = queries
    .map((query, i) => ({ query, i, ndcg: measured.hybrid[i].ndcg }))
    .sort((a, b) => a.ndcg - b.ndcg);
  for (const { query, i, ndcg } of worst.slice(0, WORST)) {
    const listed = answers.hybrid[i]
      .slice(0, 5)
      .map((id) => `${id}${query.rel[id] ? `*${query.rel[id]}` : ''}`);
    console.log(`${ndcg.toFixed(2)} ${query.q} → ${listed.join(' ')}`);
  }
}
await server?.remove();
