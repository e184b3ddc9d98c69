/**
 * 200 × kill -9 at random moments under mixed load: create, edit, delete, first reads, backfill, import. After each:
 * integrity_check, every acknowledged write there, every vector finite, of unit length and of its row's current text
 * or stale, every vector with its record and the reverse, no process left.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { goalsHeading, tell } from './goals.mjs';
import { childOf, createRandom, startService, temporaryFolder, toNdjson } from './service.mjs';

const KILLS = Number(process.argv[2] ?? 200);
/** First reads that must have come to their end in 200 kills: fewer would say little about vectors. */
const LEAST_FIRST_READS = (2_000 / 200) * KILLS;
const LIMIT_MS = 15 * 60_000;
const WORKERS = 4;
const READERS = 2;
const MOST_FIRST_READS = 40;
const LONGEST_ROUND_MS = 10_000;
const random = createRandom(7);
const folder = temporaryFolder();

/** id → what was acknowledged: the fields, or 'deleted'. What was under way at the kill may be either. */
const acknowledged = new Map();
const imported = new Map();
const underWay = new Set();
const vectorOfText = new Map();
/** Rows whose first read was answered with a vector; nobody edits them. */
const embedded = new Set();
let writes = 0;
let firstReads = 0;
let next = 0;

async function writeOnce(service, own) {
  next += 1;
  const fields = {
    name: `Casa ${next}`,
    description: `Prato ${next % 50} com arroz e ${random()}`,
    rating: next % 5,
  };
  const ids = [...own.keys()];
  const dice = random();
  if (ids.length === 0 || dice < 0.4) {
    const { status, body } = await service.request('POST', '/restaurants', JSON.stringify(fields));
    if (status === 201) acknowledged.set(body.id, own.set(body.id, fields).get(body.id));
    return;
  }
  const id = ids[Math.floor(random() * ids.length)];
  underWay.add(id);
  if (dice < 0.85) {
    const { status } = await service.request('PATCH', `/restaurants/${id}`, JSON.stringify(fields));
    if (status === 200) acknowledged.set(id, own.set(id, fields).get(id));
  } else {
    const { status } = await service.request('DELETE', `/restaurants/${id}`);
    if (status === 204) acknowledged.set(id, own.delete(id) && 'deleted');
  }
  underWay.delete(id);
  writes += 1;
}

async function work(service, own) {
  for (;;) {
    await writeOnce(service, own);
    const ids = [...own.keys()];
    if (ids.length > 0 && random() < 0.5)
      await service.get(`/restaurants/${ids[Math.floor(random() * ids.length)]}`);
  }
}

/** Creates rows and reads each once, which makes and stores its vector. */
async function readFirst(service) {
  for (;;) {
    next += 1;
    const fields = { name: `Primeira ${next}`, description: `Prato ${next} de ${random()}` };
    const { status, body } = await service.request('POST', '/restaurants', JSON.stringify(fields));
    if (status !== 201) continue;
    acknowledged.set(body.id, fields);
    const read = await service.get(`/restaurants/${body.id}`);
    if (read.body?.embedding?.status !== 'ready') continue;
    firstReads += 1;
    embedded.add(body.id);
  }
}

async function importRows(service) {
  for (;;) {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      externalId: `import-${imported.size + i}`,
      name: `Import ${imported.size + i}`,
    }));
    const { status } = await service.request(
      'POST',
      '/restaurants/import?batchSize=10',
      toNdjson(rows),
      'application/x-ndjson',
    );
    if (status === 200) for (const row of rows) imported.set(row.externalId, row.name);
    // Enough to be under way at most kills, not so much that checking takes longer than loading.
    await wait(250);
  }
}

function check(round) {
  const database = new SqliteDatabase(join(folder, 'bench.db'));
  loadSqliteVec(database);
  const problems = [];
  const integrity = database.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') problems.push(`integrity_check: ${integrity}`);
  const rows = new Map(
    database
      .prepare('SELECT id, external_id, name, description, text_hash FROM restaurants')
      .all()
      .map((row) => [row.id, row]),
  );
  for (const [id, fields] of acknowledged) {
    const row = rows.get(id);
    if (underWay.has(id))
      acknowledged.set(id, row ? { name: row.name, description: row.description } : 'deleted');
    else if (
      fields === 'deleted' ? row : row?.name !== fields.name || row?.description !== fields.description
    ) {
      problems.push(`restaurant ${id} should be ${JSON.stringify(fields)}, is ${JSON.stringify(row)}`);
    }
  }
  const byExternalId = new Map([...rows.values()].map((row) => [row.external_id, row.name]));
  for (const [externalId, name] of imported) {
    if (byExternalId.get(externalId) !== name) problems.push(`imported ${externalId} is lost`);
  }
  for (const row of rows.values()) {
    const text = [row.name, row.description].filter(Boolean).join(' ');
    if (createHash('sha256').update(text).digest('hex') !== row.text_hash)
      problems.push(`text hash of ${row.id}`);
  }
  let vectors = 0;
  const withVector = new Set();
  for (const { id } of database
    .prepare(
      `SELECT id FROM model_versions m WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'vectors_' || m.id)`,
    )
    .all()) {
    const stored = new Map(
      database
        .prepare(`SELECT rowid, vector FROM vectors_${id}`)
        .all()
        .map((row) => [row.rowid, row.vector]),
    );
    const records = database
      .prepare('SELECT restaurant_id, text_hash FROM embeddings WHERE model_version_id = ?')
      .all(id);
    if (records.length !== stored.size) problems.push(`${records.length} records, ${stored.size} vectors`);
    for (const { restaurant_id: restaurantId, text_hash: textHash } of records) {
      const bytes = stored.get(restaurantId);
      if (!bytes || !rows.has(restaurantId)) {
        problems.push(`record ${restaurantId} without vector or row`);
        continue;
      }
      vectors += 1;
      if (rows.get(restaurantId).text_hash === textHash) withVector.add(restaurantId);
      const vector = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      );
      if (!(Math.abs(Math.hypot(...vector) - 1) < 1e-3))
        problems.push(`vector ${restaurantId} is not of unit length`);
      // One text has one vector: a vector of another text would differ from what this text had before.
      const digest = createHash('sha256').update(bytes).digest('hex');
      const known = vectorOfText.get(textHash);
      if (known !== undefined && known !== digest)
        problems.push(`vector ${restaurantId} is not that of its text`);
      vectorOfText.set(textHash, digest);
    }
  }
  for (const id of embedded)
    if (!withVector.has(id)) problems.push(`the vector of ${id}, whose first read was answered, is lost`);
  database.close();
  if (problems.length > 0)
    throw new Error(`after kill ${round}: ${problems.length} problems\n${problems.slice(0, 10).join('\n')}`);
  return { rows: rows.size, vectors };
}

const gone = async (pid) => {
  for (let i = 0; i < 200; i += 1) {
    if (!existsSync(`/proc/${pid}`)) return true;
    await wait(25);
  }
  return false;
};

const owned = Array.from({ length: WORKERS }, () => new Map());
let last;
let kills = 0;
const startedAt = performance.now();
for (let round = 1; round <= KILLS && performance.now() - startedAt < LIMIT_MS; round += 1) {
  const service = await startService({
    folder,
    environment: { EMBED_WAIT_MS: '2000', BACKFILL_CPU_PERCENT: '60', LOG_LEVEL: 'info' },
  });
  if (round % 3 === 0) await service.request('POST', '/embeddings/backfill', '{}');
  const load = [
    ...owned.map((own) => work(service, own)),
    ...Array.from({ length: READERS }, () => readFirst(service)),
    importRows(service),
  ].map((one) => one.catch(() => {}));
  // After so many first reads, on a machine of any speed; some kills meet the start of the model process.
  const killAfter = firstReads + Math.floor(random() * MOST_FIRST_READS);
  const killBy = performance.now() + LONGEST_ROUND_MS;
  await wait(30 + random() * 300);
  while (firstReads < killAfter && performance.now() < killBy) await wait(5);
  const child = childOf(service.pid);
  process.kill(service.pid, 'SIGKILL');
  await service.exited;
  await Promise.all(load);
  if (child && !(await gone(child)))
    throw new Error(`after kill ${round}: the model process ${child} is left`);
  last = check(round);
  kills = round;
  underWay.clear();
  // What was deleted or is unknown is nobody's any more.
  for (const own of owned)
    for (const id of own.keys()) if (acknowledged.get(id) === 'deleted') own.delete(id);
  if (round % 20 === 0)
    console.log(
      `${round} kills: ${last.rows} rows, ${last.vectors} vectors, ${firstReads} first reads answered, ${writes} writes acknowledged, ${imported.size} rows imported`,
    );
}
console.log('nothing acknowledged was lost, no vector is wrong or lost, no process was left\n');
goalsHeading('kill -9');
const outcomes = [
  tell('kills', kills, '', { atLeast: KILLS }),
  tell('first reads that came to their end', firstReads, '', { atLeast: LEAST_FIRST_READS }),
];
tell('writes acknowledged', writes);
tell('rows imported', imported.size);
tell('vectors checked at the end', last.vectors);
tell('minutes', (performance.now() - startedAt) / 60_000);
process.exit(outcomes.every(Boolean) ? 0 : 1);
