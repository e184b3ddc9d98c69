/**
 * Four services on one PostgreSQL under mixed load (creation, edits, deletions, first reads, search, imports, backfill)
 * while one of them or, every fifth time, the server is killed with -9: 50 times, or as often as the first argument
 * says. After each kill every acknowledged write is there, each record has exactly one vector, of unit length and the
 * same for the same text, and no answer was 5xx but 503. At the end a row that has no vector gets one by being read, and a
 * backfill embeds all others.
 */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../dist/test/support/postgres-server.js';
import { createRandom, startService, temporaryFolder, toNdjson } from './service.mjs';

const KILLS = Number(process.argv[2] ?? 50);
const SERVICES = 4;
const SERVER_EVERY = 5;
/** How long the backfill at the end may go without a new vector, as it pauses while the machine is busy; and in all. */
const NO_PROGRESS_MS = 60_000;
const FINISH_MS = 15 * 60_000;
const READ_AT_END = 100;
const random = createRandom(7);
const pick = (list) => list[Math.floor(random() * list.length)];
const folder = temporaryFolder();
const server = await startPostgres();

/** id → the fields that were acknowledged, or 'deleted'. A write without an answer or with 503 may be either way: its row is forgotten. */
const acknowledged = new Map();
const imported = new Map();
const problems = [];
const statuses = {};
const recoveries = [];
let next = 0;
let isRunning = false;

const start = () =>
  startService({
    folder,
    environment: {
      DATABASE_URL: server.url,
      EMBED_WAIT_MS: '2000',
      BACKFILL_CPU_PERCENT: '60',
      LOG_LEVEL: 'info',
    },
  });

/** The answer, or undefined where the process was killed before it came. */
async function ask(service, ...request) {
  try {
    const answer = await service.request(...request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (answer.status >= 500 && answer.status !== 503)
      problems.push(`${request[0]} ${request[1]}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  } catch {
    return undefined;
  }
}

async function writeOnce(service, own) {
  next += 1;
  const fields = { name: `Casa ${next}`, description: `Prato ${next % 50} com arroz e ${random()}` };
  const dice = random();
  if (own.length === 0 || dice < 0.4) {
    const answer = await ask(service, 'POST', '/restaurants', JSON.stringify(fields));
    if (answer?.status !== 201) return;
    own.push(answer.body.id);
    acknowledged.set(answer.body.id, fields);
    return;
  }
  const id = pick(own);
  acknowledged.delete(id);
  const isEdit = dice < 0.85;
  const answer = isEdit
    ? await ask(service, 'PATCH', `/restaurants/${id}`, JSON.stringify(fields))
    : await ask(service, 'DELETE', `/restaurants/${id}`);
  const isDone = answer?.status === (isEdit ? 200 : 204);
  if (isDone) acknowledged.set(id, isEdit ? fields : 'deleted');
  if (!isEdit || !isDone) own.splice(own.indexOf(id), 1);
}

async function importOnce(service) {
  const first = next;
  next += 20;
  const rows = Array.from({ length: 20 }, (_, i) => ({
    externalId: `import-${first + i}`,
    name: `Import ${first + i}`,
  }));
  const answer = await ask(
    service,
    'POST',
    '/restaurants/import?batchSize=10',
    toNdjson(rows),
    'application/x-ndjson',
  );
  if (answer?.status === 200) for (const row of rows) imported.set(row.externalId, row.name);
}

/** Sends requests to whichever service there is, one after the other, while the load is on. */
async function work(services, own) {
  while (isRunning) {
    const service = pick(services);
    const dice = random();
    if (dice < 0.5) await writeOnce(service, own);
    else if (dice < 0.8 && own.length > 0) await ask(service, 'GET', `/restaurants/${pick(own)}`);
    else if (dice < 0.95) await ask(service, 'GET', `/search?q=prato%20${next % 50}`);
    else await importOnce(service);
    // A killed process refuses at once.
    await wait(2);
  }
}

async function query(sql) {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function check() {
  const rows = await query('SELECT id, external_id, name, description FROM restaurants');
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  for (const [id, fields] of acknowledged) {
    const row = byId.get(id);
    const isRight =
      fields === 'deleted' ? !row : row?.name === fields.name && row.description === fields.description;
    if (!isRight)
      problems.push(`restaurant ${id} should be ${JSON.stringify(fields)}, is ${JSON.stringify(row)}`);
  }
  const names = new Map(rows.map((row) => [row.external_id, row.name]));
  for (const [externalId, name] of imported)
    if (names.get(externalId) !== name) problems.push(`imported ${externalId} is lost`);
  let vectors = 0;
  for (const { id } of await query('SELECT id FROM model_versions')) {
    const [found] = await query(`
      SELECT count(*)::int AS vectors, count(DISTINCT coalesce(v.restaurant_id, e.restaurant_id))::int AS restaurants,
        count(*) FILTER (WHERE v.text_hash IS DISTINCT FROM e.text_hash)::int AS unmatched,
        count(*) FILTER (WHERE abs(vector_norm(v.embedding) - 1) > 1e-3)::int AS misshapen,
        (SELECT count(*) FROM (SELECT FROM vectors_${id} GROUP BY text_hash
           HAVING count(DISTINCT embedding) > 1) AS differing)::int AS differing
      FROM vectors_${id} v FULL JOIN (SELECT * FROM embeddings WHERE model_version_id = ${id}) e
        ON e.restaurant_id = v.restaurant_id`);
    if (found.vectors !== found.restaurants || found.unmatched + found.misshapen + found.differing > 0)
      problems.push(`vectors of version ${id}: ${JSON.stringify(found)}`);
    vectors += found.vectors;
  }
  return { rows: rows.length, vectors };
}

async function killServer(services) {
  await server.kill();
  await wait(random() * 1_000);
  await server.start();
  const startedAt = performance.now();
  for (const service of services)
    while ((await ask(service, 'GET', '/restaurants?limit=1'))?.status !== 200) await wait(20);
  recoveries.push(performance.now() - startedAt);
}

async function killService(services, index) {
  process.kill(services[index].pid, 'SIGKILL');
  await services[index].exited;
  await wait(random() * 500);
  services[index] = await start();
}

const services = await Promise.all(Array.from({ length: SERVICES }, start));
const owned = Array.from({ length: SERVICES * 2 }, () => []);
let last;
for (let round = 1; round <= KILLS && problems.length === 0; round += 1) {
  isRunning = true;
  const load = owned.map((own) => work(services, own));
  if (round % 3 === 0) await ask(services[0], 'POST', '/embeddings/backfill', '{}');
  await wait(300 + random() * 1_200);
  await (round % Math.min(SERVER_EVERY, KILLS) === 0
    ? killServer(services)
    : killService(services, round % SERVICES));
  isRunning = false;
  await Promise.all(load);
  last = await check();
}

/** Reads rows without a vector until each has one: none may stay `pending` because its first read met a kill. */
async function readUnembedded() {
  const { id: version } = (await query('SELECT max(id) AS id FROM model_versions'))[0];
  const rows = await query(`SELECT id FROM restaurants r WHERE NOT EXISTS (SELECT FROM embeddings e
    WHERE e.restaurant_id = r.id AND e.model_version_id = ${version} AND e.text_hash = r.text_hash) LIMIT ${READ_AT_END}`);
  for (const [i, { id }] of rows.entries()) {
    const deadline = performance.now() + NO_PROGRESS_MS;
    let status;
    do {
      status = (await ask(services[i % SERVICES], 'GET', `/restaurants/${id}`))?.body.embedding?.status;
    } while (status !== 'ready' && performance.now() < deadline);
    if (status !== 'ready') problems.push(`restaurant ${id} stays ${status}`);
  }
  return rows.length;
}

/** Waits for a backfill of everything, as long as it gets on. */
async function finishBackfill() {
  const counts = async () => (await ask(services[1], 'GET', '/embeddings'))?.body;
  const deadline = performance.now() + FINISH_MS;
  let left = await counts();
  let progressAt = performance.now();
  while (left?.ready !== left?.total || !left) {
    const now = performance.now();
    if (now > progressAt + NO_PROGRESS_MS || now > deadline) {
      problems.push(`rows are left without a vector: ${JSON.stringify(left)}`);
      return;
    }
    await ask(services[1], 'POST', '/embeddings/backfill', '{}');
    await wait(250);
    const later = await counts();
    if (later && later.ready > (left?.ready ?? 0)) progressAt = performance.now();
    left = later ?? left;
  }
}

const readAtEnd = await readUnembedded();
const backfillStart = performance.now();
await finishBackfill();
const backfillSeconds = Math.round((performance.now() - backfillStart) / 1_000);
last = await check();

for (const service of services) await service.stop();
await server.remove();
process.stdout.write(
  `${JSON.stringify({ kills: KILLS, acknowledged: acknowledged.size + imported.size, ...last, readAtEnd, backfillSeconds, statuses, slowestRecoveryMs: Math.round(Math.max(0, ...recoveries)), problems: problems.slice(0, 10) }, null, 1)}\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
