/**
 * SQLite against PostgreSQL in one run: 100,000 restaurants with synthetic vectors (or as many as the first argument
 * says), on a PostgreSQL of its own that shares this machine's cores with everything else. Prints JSON, and what it is
 * doing on stderr; docs/scale.md quotes it. Takes about 8 minutes on 2 cores.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { restaurantFieldsSchema } from '../dist/src/catalog/restaurant.js';
import { TEXT_TEMPLATE_VERSION } from '../dist/src/embedding/embedding-text.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { openCopy } from '../dist/src/storage/open-copy.js';
import { openStores } from '../dist/src/storage/open-stores.js';
import { openDatabase } from '../dist/src/storage/postgres/connection/database.js';
import { copyCatalogue } from '../dist/src/transfer/copy-catalogue.js';
import { startPostgres } from '../dist/test/support/postgres-server.js';
import { cuisines, dishes, measureRequests, measureThroughput, findServer } from './postgres-requests.mjs';
import { root, startService, temporaryFolder } from './service.mjs';
import { writeSyntheticVectors } from './synthetic-vectors.mjs';

const ROWS = Number(process.argv[2] ?? 100_000);
/** Rows that stay without a vector, for cold reads. */
const WITHOUT_VECTOR = 500;
const BATCH_ROWS = 1_000;

const places = ['Savassi, Belo Horizonte', 'Pinheiros, São Paulo', 'Gávea, Rio de Janeiro', 'Soho, London'];
const pick = (list, i, factor) => list[(i * factor) % list.length];
const recordOf = (i) => ({
  line: i,
  id: undefined,
  fields: restaurantFieldsSchema.parse({
    externalId: `row-${i}`,
    name: `Casa ${pick(dishes, i, 7)} ${i}`,
    cuisineType: cuisines[i % cuisines.length],
    description: `${pick(dishes, i, 3)} com ${pick(dishes, i, 5)} e ${pick(dishes, i, 11)}, número ${i}.`,
    rating: (i % 51) / 10,
    priceLevel: (i % 4) + 1,
    location: pick(places, i, 3),
  }),
});

const startedAt = performance.now();
const say = (what) =>
  process.stderr.write(`${Math.round((performance.now() - startedAt) / 1_000)} s: ${what}\n`);

/** Milliseconds that `work` takes. */
async function time(what, work) {
  say(what);
  const start = performance.now();
  await work();
  return performance.now() - start;
}
const rowsPerSecond = (ms) => Math.round((ROWS / ms) * 1_000);

async function importRows(stores) {
  for (let start = 0; start < ROWS; start += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, ROWS - start);
    const records = Array.from({ length }, (_, i) => recordOf(start + i + 1));
    await stores.imports.importBatch(records, { skipExisting: false, dryRun: false });
  }
}

/** Rows a second of a copy, without the time that building indexes takes at its end. */
async function copy(what, from, to) {
  const [source, target] = [await openCopy(from), await openCopy(to)];
  let finishMs = 0;
  const finish = async () => {
    finishMs = await time('building indexes', target.finish);
  };
  const ms = await time(what, () => copyCatalogue(source, { ...target, finish }));
  await Promise.all([source.close(), target.close()]);
  return { rowsPerSecond: rowsPerSecond(ms - finishMs), finishSeconds: Math.round(finishMs / 1_000) };
}

const folder = temporaryFolder();
const sqliteFile = join(folder, 'bench.db');
const server = await startPostgres({ settings: ['shared_buffers=512MB'] });
const report = {
  rows: ROWS,
  cores: availableParallelism(),
  loadBefore: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  sqlite: {},
  postgres: {},
};

const sqlite = await openStores({ databasePath: sqliteFile, int8IndexMinRows: 5_000 });
report.sqlite.importRowsPerSecond = rowsPerSecond(await time('import into SQLite', () => importRows(sqlite)));
const {
  name: model,
  sha256,
  dimensions,
} = await findModelFiles(join(root, 'models/tastematch-MiniLM-L6-en-pt'));
await sqlite.modelVersions.register({ model, sha256, dimensions, templateVersion: TEXT_TEMPLATE_VERSION });
await sqlite.close();
await time('synthetic vectors', async () => writeSyntheticVectors(sqliteFile, ROWS - WITHOUT_VECTOR));
report.sqlite.bytesPerRow = Math.round(statSync(sqliteFile).size / ROWS);

const database = openDatabase({
  url: server.url,
  instance: 'bench',
  maxConnections: 1,
  statementTimeoutMs: 600_000,
});
await database.run('CREATE DATABASE imported');
const importing = await openStores({
  databasePath: '',
  databaseUrl: server.url.replace(/\/postgres$/, '/imported'),
  int8IndexMinRows: 0,
});
report.postgres.importRowsPerSecond = rowsPerSecond(
  await time('import into PostgreSQL', () => importRows(importing)),
);
await importing.close();
await database.run('DROP DATABASE imported');

const sqliteUrl = `sqlite:${sqliteFile}`;
report.postgres.copyTo = await copy('copy to PostgreSQL', sqliteUrl, server.url);
report.postgres.copyAgain = await copy('the same copy again', sqliteUrl, server.url);
report.postgres.copyBack = await copy('copy to SQLite', server.url, `sqlite:${join(folder, 'back.db')}`);

const sizes = await database.rows(
  `SELECT relname AS name, pg_total_relation_size(oid) AS total, pg_indexes_size(oid) AS indexes FROM pg_class
   WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 6`,
);
report.postgres.bytesPerRowByTable = Object.fromEntries(
  sizes.map(({ name, total, indexes }) => [
    name,
    { total: Math.round(total / ROWS), ofThatIndexes: Math.round(indexes / ROWS) },
  ]),
);
const { size } = await database.row('SELECT pg_database_size(current_database()) AS size');
report.postgres.bytesPerRow = Math.round(size / ROWS);

// Embedding on demand is off, as it would use a search's time for the rows that cold reads need.
const environment = { TOP_UP_MS: '0', EMBED_WAIT_MS: '20000', RATE_LIMIT: 'off' };
const { pid: backendPid } = await database.row('SELECT pg_backend_pid() AS pid');
const listServer = findServer(backendPid);
for (const [engine, own, counts, listServerPids] of [
  ['sqlite', {}, [1], () => []],
  ['postgres', { DATABASE_URL: server.url }, [1, 2, 4], listServer],
]) {
  const services = [];
  report[engine].warmReadsPerSecond = {};
  for (const count of counts) {
    while (services.length < count) {
      services.push(await startService({ folder, environment: { ...environment, ...own } }));
    }
    if (count === 1) {
      say(`requests on ${engine}`);
      report[engine].requests = await measureRequests(services[0], ROWS, listServerPids);
    }
    say(`throughput of ${count} on ${engine}`);
    report[engine].warmReadsPerSecond[count] = await measureThroughput(services, ROWS);
  }
  for (const service of services) await service.stop();
}
await database.close();
await server.remove();
report.seconds = Math.round((performance.now() - startedAt) / 1_000);
process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
