/**
 * A rolling change of model: two services with the old model and two with the new one read the same restaurants on one
 * PostgreSQL for a minute (or as many seconds as the first argument says). Every answer must name its own service's
 * model, and each model must infer each text once. Prints JSON.
 */
import { join } from 'node:path';
import { startPostgres } from '../dist/test/support/postgres-server.js';
import { root, startService, temporaryFolder, toNdjson } from './service.mjs';

const SECONDS = Number(process.argv[2] ?? 60);
const ROWS = 200;
const models = ['tastematch-MiniLM-L6-en-pt', 'paraphrase-MiniLM-L3-v2'];

const server = await startPostgres();
const folder = temporaryFolder();
const start = (model) =>
  startService({
    folder,
    environment: {
      DATABASE_URL: server.url,
      MODEL_DIR: join(root, 'models', model),
      EMBED_WAIT_MS: '20000',
      RATE_LIMIT: 'off',
    },
  });

const services = [];
for (const model of [models[0], models[0], models[1], models[1]]) {
  services.push({ model, ...(await start(model)) });
}
const rows = Array.from({ length: ROWS }, (_, i) => ({
  name: `Casa ${i}`,
  description: `Prato ${i} com feijão`,
}));
await services[0].request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');

const problems = [];
const reads = {};
const end = performance.now() + SECONDS * 1_000;
/** Reads one restaurant after the other, and every tenth time asks for similar ones. */
async function work({ model, get }) {
  for (let i = 0; performance.now() < end || i < ROWS; i += 1) {
    const path = `/restaurants/${(i % ROWS) + 1}`;
    const { status, body } = await get(path);
    if (status !== 200 || body.embedding.status !== 'ready' || body.embedding.model !== model)
      problems.push(`${model}: ${status} ${JSON.stringify(body.embedding ?? body)}`);
    if (i % 10 === 0) {
      const similar = await get(`${path}/similar?limit=3`);
      if (similar.status !== 200) problems.push(`${model}: similar ${similar.status}`);
    }
    reads[model] = (reads[model] ?? 0) + 1;
  }
}
await Promise.all(services.map(work));

const inferences = {};
for (const { model, get } of services) {
  inferences[model] = (inferences[model] ?? 0) + (await get('/model')).body.inferences;
}
for (const model of models) {
  if (inferences[model] !== ROWS) problems.push(`${model} inferred ${inferences[model]} texts of ${ROWS}`);
}
for (const service of services) await service.stop();
await server.remove();
process.stdout.write(
  `${JSON.stringify({ seconds: SECONDS, rows: ROWS, reads, inferences, problems: problems.slice(0, 10) }, null, 1)}\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
