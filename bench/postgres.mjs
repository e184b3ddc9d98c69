/**
 * SQLite against PostgreSQL in one run: 100,000 restaurants with synthetic vectors (or as many as the first argument
 * says), on a PostgreSQL of its own that shares this machine's cores with everything else. Prints JSON; docs/scale.md
 * quotes it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restaurantFieldsSchema } from '../dist/src/catalog/restaurant.js';
import { createCurrentModel } from '../dist/src/embedding/current-model.js';
import { TEXT_TEMPLATE_VERSION } from '../dist/src/embedding/embedding-text.js';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { openCopy } from '../dist/src/storage/open-copy.js';
import { openStores } from '../dist/src/storage/open-stores.js';
import { createVectorIndexes } from '../dist/src/storage/postgres/search/vector-indexes.js';
import { openDatabase } from '../dist/src/storage/postgres/connection/database.js';
import { copyCatalogue } from '../dist/src/transfer/copy-catalogue.js';
import { startPostgres } from '../dist/test/support/postgres-server.js';
import { median, percentile, processCpuMs, startService, temporaryFolder } from './service.mjs';
import { createVectorSource } from './synthetic-vectors.mjs';

const ROWS = Number(process.argv[2] ?? 100_000);
const REQUESTS = 300;
const CONNECTIONS = 16;
const THROUGHPUT_SECONDS = 4;

const cuisines = ['Mineira', 'Italiana', 'Japonesa', 'Árabe', 'Vegana', 'Pizzaria', 'Indiana', 'Mexicana'];
const cities = ['Savassi, Belo Horizonte', 'Pinheiros, São Paulo', 'Gávea, Rio de Janeiro', 'Soho, London'];
const dishes =
  'arroz feijão couve frango quiabo polvo moqueca tapioca ramen curry burrata risoto falafel'.split(' ');
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
    location: pick(cities, i, 3),
  }),
});

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

const version = await findModelFiles(
  join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../models/tastematch-MiniLM-L6-en-pt'),
).then(({ name, sha256, dimensions }) => ({
  model: name,
  sha256,
  dimensions,
  templateVersion: TEXT_TEMPLATE_VERSION,
}));

/** Rows, then vectors for all but the last 500, which stay for cold reads. */
async function fill(stores) {
  const imported = await timed(async () => {
    for (let start = 0; start < ROWS; start += 1_000) {
      const records = Array.from({ length: Math.min(1_000, ROWS - start) }, (_, i) =>
        recordOf(start + i + 1),
      );
      await stores.imports.importBatch(records, { skipExisting: false, dryRun: false });
    }
  });
  const modelVersion = await createCurrentModel(stores.modelVersions).use(version);
  const next = createVectorSource();
  const embedded = await timed(async () => {
    for await (const rows of stores.embeddings.walkUnembedded(modelVersion)) {
      const vectors = [];
      for (const { restaurantId } of rows.filter((row) => row.restaurantId <= ROWS - 500)) {
        const source = await stores.embeddings.findSource(restaurantId, modelVersion);
        vectors.push({ textHash: source.textHash, vector: next() });
      }
      for (let i = 0; i < vectors.length; i += 200)
        await stores.vectors.storePacked(vectors.slice(i, i + 200), modelVersion);
    }
  });
  return {
    modelVersion,
    importRowsPerSecond: Math.round((ROWS / imported.ms) * 1_000),
    embedMs: Math.round(embedded.ms),
  };
}

/** Recall@10 of the index against every row compared, over queries near stored vectors. */
async function measureRecall(indexed, exact, modelVersion) {
  const next = createVectorSource(11);
  const recalls = {};
  for (const [name, filters] of Object.entries({
    unfiltered: {},
    'one in 8': { cuisineTypes: ['Vegana'] },
    'one in 51': { minRating: 5 },
  })) {
    let hits = 0;
    for (let i = 0; i < 100; i += 1) {
      const request = { vector: next(), limit: 10, filters, excludedIds: [], modelVersion };
      const [found, all] = await Promise.all([
        indexed.neighbours.nearest(request),
        exact.neighbours.nearest(request),
      ]);
      const ids = new Set(all.map(({ id }) => id));
      hits += found.filter(({ id }) => ids.has(id)).length;
    }
    recalls[name] = hits / 1_000;
  }
  return recalls;
}

async function measureRequests(service, pids) {
  const results = {};
  const random = (i) => ((i * 7_919) % (ROWS - 600)) + 1;
  const routes = {
    'warm read': (i) => `/restaurants/${random(i)}`,
    'list page': (i) => `/restaurants?limit=20&sort=-rating&cuisineType=${cuisines[i % cuisines.length]}`,
    'search by keyword': (i) =>
      `/search?mode=keyword&q=${dishes[i % dishes.length]}%20${dishes[(i * 3 + 1) % dishes.length]}`,
    'search, hybrid': (i) =>
      `/search?q=${dishes[i % dishes.length]}%20${dishes[(i * 3 + 1) % dishes.length]}`,
    similar: (i) => `/restaurants/${random(i)}/similar`,
    'similar, one in 51': (i) => `/restaurants/${random(i)}/similar?minRating=5`,
    'cold read': (i) => `/restaurants/${ROWS - 499 + i}`,
  };
  for (const [name, path] of Object.entries(routes)) {
    const count = name.startsWith('search') || name.startsWith('similar') ? REQUESTS / 3 : REQUESTS;
    const offset = name === 'cold read' ? 0 : 5;
    if (name !== 'cold read') for (let i = 0; i < offset; i += 1) await fetch(service.url + path(1_000 + i));
    const cpuBefore = pids.map(processCpuMs);
    const times = [];
    for (let i = 0; i < count; i += 1) {
      const start = performance.now();
      const response = await fetch(service.url + path(i));
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${name}: ${response.status}`);
      times.push(performance.now() - start);
    }
    const cpu = pids.map((pid, i) => processCpuMs(pid) - cpuBefore[i]).reduce((a, b) => a + b, 0);
    results[name] = {
      p50: Number(median(times).toFixed(1)),
      p99: Number(percentile(times, 0.99).toFixed(1)),
      serviceCpuMs: Number((cpu / count).toFixed(2)),
    };
  }
  return results;
}

async function throughput(urls) {
  const end = performance.now() + THROUGHPUT_SECONDS * 1_000;
  let done = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, i) => {
      for (let n = i; performance.now() < end; n += CONNECTIONS) {
        const response = await fetch(
          `${urls[n % urls.length]}/restaurants/${((n * 7_919) % (ROWS - 600)) + 1}`,
        );
        await response.arrayBuffer();
        done += 1;
      }
    }),
  );
  return Math.round(done / THROUGHPUT_SECONDS);
}

const folder = temporaryFolder();
const server = await startPostgres();
const databasePath = join(folder, 'bench.db');
const report = {
  rows: ROWS,
  loadBefore: readFileSync('/proc/loadavg', 'utf8').split(' ')[0],
  sqlite: {},
  postgres: {},
};
const sqlite = await openStores({ databasePath, int8IndexMinRows: 5_000 });
const exactSqlite = sqlite;
({ importRowsPerSecond: report.sqlite.importRowsPerSecond } = await fill(sqlite));
report.sqlite.bytesPerRow = Math.round(Number(execFileSync('stat', ['-c', '%s', databasePath])) / ROWS);

// The copy carries the vectors over; the import is measured in a database of its own.
const database = openDatabase({
  url: server.url,
  instance: 'bench',
  maxConnections: 2,
  statementTimeoutMs: 600_000,
});
await database.run('CREATE DATABASE imported');
const importUrl = server.url.replace(/\/postgres$/, '/imported');
const importing = await openStores({ databasePath: '', databaseUrl: importUrl, int8IndexMinRows: 0 });
const importTime = await timed(async () => {
  for (let start = 0; start < ROWS; start += 1_000) {
    const records = Array.from({ length: Math.min(1_000, ROWS - start) }, (_, i) => recordOf(start + i + 1));
    await importing.imports.importBatch(records, { skipExisting: false, dryRun: false });
  }
});
report.postgres.importRowsPerSecond = Math.round((ROWS / importTime.ms) * 1_000);
await importing.close();
await database.run('DROP DATABASE imported');

const source = await openCopy(`sqlite:${databasePath}`);
const target = await openCopy(server.url);
const build = target.finish;
let buildMs = 0;
const copied = await timed(() =>
  copyCatalogue(source, { ...target, finish: async () => void (buildMs = (await timed(build)).ms) }),
);
report.postgres.copyRowsPerSecond = Math.round((ROWS / (copied.ms - buildMs)) * 1_000);
report.postgres.analyseAndBuildIndexSeconds = Math.round(buildMs / 100) / 10;
report.postgres.repeatedCopyRowsPerSecond = Math.round(
  (ROWS / (await timed(() => copyCatalogue(source, target))).ms) * 1_000,
);
await Promise.all([source.close(), target.close()]);

const sizes = await database.rows(
  `SELECT relname AS name, pg_total_relation_size(oid) AS total, pg_indexes_size(oid) AS indexes FROM pg_class
   WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 6`,
);
report.postgres.bytesPerRow = Object.fromEntries(
  sizes.map(({ name, total, indexes }) => [
    name,
    { total: Math.round(total / ROWS), ofThatIndexes: Math.round(indexes / ROWS) },
  ]),
);
report.postgres.databaseBytesPerRow = Math.round(
  (await database.row('SELECT pg_database_size(current_database()) AS size')).size / ROWS,
);

const postgres = await openStores({ databasePath: '', databaseUrl: server.url, int8IndexMinRows: 0 });
const modelVersion = await postgres.modelVersions.register(version);
const sqliteVersion = await sqlite.modelVersions.register(version);
await createVectorIndexes(database).build(modelVersion);
report.postgres.recallAt10 = await measureRecall(
  postgres,
  {
    neighbours: {
      nearest: (request) => exactSqlite.neighbours.nearest({ ...request, modelVersion: sqliteVersion }),
    },
  },
  modelVersion,
);
await Promise.all([postgres.close(), sqlite.close(), database.close()]);

const environment = { TOP_UP_MS: '0', LOG_LEVEL: 'error', EMBED_WAIT_MS: '20000' };
for (const [engine, own] of [
  ['sqlite', {}],
  ['postgres', { DATABASE_URL: server.url }],
]) {
  const services = [];
  for (const count of engine === 'sqlite' ? [1] : [1, 2, 4]) {
    while (services.length < count)
      services.push(
        await startService({ folder, environment: { ...environment, LOG_LEVEL: 'info', ...own } }),
      );
    if (count === 1)
      report[engine].requests = await measureRequests(services[0], [
        services[0].pid ?? services[0].child.pid,
      ]);
    report[engine].warmReadsPerSecond = {
      ...report[engine].warmReadsPerSecond,
      [count]: await throughput(services.map(({ url }) => url)),
    };
  }
  for (const service of services) await (service.stop ?? service.end)();
}
await server.remove();
process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
