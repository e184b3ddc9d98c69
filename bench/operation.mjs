/**
 * Operation on a small machine, in figures: memory of the model process over 10,000 cold embeddings, memory given
 * back by an unload, the share of the processor that a backfill takes, what reads notice of it, a large import. The
 * exit code is 1 when a goal is missed.
 */
import {
  childOf,
  median,
  percentile,
  processCpuMs,
  processMb,
  startService,
  syntheticRestaurants,
  temporaryFolder,
  toNdjson,
} from './service.mjs';

const environment = { EMBED_WAIT_MS: '20000', LOG_LEVEL: 'info' };
const importRows = (service, rows) =>
  service.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
/** `isMet` is false when a goal is missed: then the exit code is 1. */
function say(what, value, isMet = true) {
  console.log(`${what.padEnd(62)} ${value}${isMet ? '' : '  MISSED'}`);
  if (!isMet) process.exitCode = 1;
}

async function longRun() {
  const service = await startService({ folder: temporaryFolder(), environment });
  // Texts of 3 to about 256 tokens.
  await importRows(service, syntheticRestaurants(10_000, { minWords: 0, maxWords: 200 }));
  const before = processMb(service.pid);
  let at500;
  for (let id = 1; id <= 10_000; id += 1) {
    const { body } = await service.get(`/restaurants/${id}`);
    if (body.embedding.status !== 'ready') throw new Error(JSON.stringify(body.embedding));
    if (id === 500) at500 = processMb(childOf(service.pid), 'RssAnon');
  }
  const atEnd = processMb(childOf(service.pid), 'RssAnon');
  say(
    'anonymous memory of the model process after 500 / 10,000 texts',
    `${at500.toFixed(1)} / ${atEnd.toFixed(1)} MB, ${(atEnd / at500).toFixed(2)} × (goal 1.2)`,
    atEnd / at500 <= 1.2,
  );
  say(
    'resident memory of the service before / after',
    `${before.toFixed(1)} / ${processMb(service.pid).toFixed(1)} MB`,
  );
  await service.stop();
}

async function unload() {
  const service = await startService({ folder: temporaryFolder(), environment });
  await importRows(service, syntheticRestaurants(300));
  const before = processMb(service.pid);
  for (let id = 1; id <= 300; id += 1) await service.get(`/restaurants/${id}`);
  const { body } = await service.request('POST', '/model/unload');
  const after = processMb(service.pid);
  say('unload: given back', `${(body.returnedNow / 1_048_576).toFixed(0)} MB`);
  say(
    'resident memory of the service before load / after unload',
    `${before.toFixed(1)} / ${after.toFixed(1)} MB (goal: within 10)`,
    after - before <= 10,
  );
  await service.stop();
}

async function readP99(service, seconds) {
  const times = [];
  const end = performance.now() + seconds * 1_000;
  for (let i = 0; performance.now() < end; i += 1) {
    times.push((await service.get(`/restaurants/${1 + (i % 100)}`)).ms);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return percentile(times, 0.99);
}

async function backfill() {
  const service = await startService({
    folder: temporaryFolder(),
    environment: { ...environment, BACKFILL_CPU_PERCENT: '25' },
  });
  await importRows(service, syntheticRestaurants(2_000));
  for (let id = 1; id <= 100; id += 1) await service.get(`/restaurants/${id}`);
  await readP99(service, 3);
  const idle = [];
  const during = [];
  for (let round = 0; round < 3; round += 1) idle.push(await readP99(service, 4));
  const child = childOf(service.pid);
  const startedAt = performance.now();
  const cpuBefore = processCpuMs(child);
  await service.request('POST', '/embeddings/backfill', '{}');
  for (let round = 0; round < 3; round += 1) during.push(await readP99(service, 4));
  for (;;) {
    const { body } = await service.get('/embeddings/backfill');
    if (body.state === 'finished') break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const share = (100 * (processCpuMs(child) - cpuBefore)) / (performance.now() - startedAt);
  say(
    'backfill of 1,900 texts at BACKFILL_CPU_PERCENT=25 uses',
    `${share.toFixed(1)} % of a core (goal 25 ± 5), ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`,
    Math.abs(share - 25) <= 5,
  );
  say(
    'p99 of warm reads idle / during it',
    `${median(idle).toFixed(2)} / ${median(during).toFixed(2)} ms, ${(median(during) / median(idle)).toFixed(2)} × (goal 1.5)`,
    median(during) / median(idle) <= 1.5,
  );
  await service.stop();
}

async function largeImport() {
  const service = await startService({ folder: temporaryFolder(), environment });
  const text = toNdjson(syntheticRestaurants(100_000));
  const before = processMb(service.pid);
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, processMb(service.pid))), 20);
  const startedAt = performance.now();
  const importing = service.request(
    'POST',
    '/restaurants/import?batchSize=1000',
    text,
    'application/x-ndjson',
  );
  const { body } = await importing;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (body.created !== 100_000) throw new Error(JSON.stringify(body));
  say(
    'import of 100,000 rows over HTTP',
    `${seconds.toFixed(1)} s (goal 5), +${(peak - before).toFixed(0)} MB (goal 60)`,
    seconds <= 5 && peak - before <= 60,
  );
  peak = 0;
  const exportStart = performance.now();
  const before2 = processMb(service.pid);
  const response = await fetch(`${service.url}/restaurants/export`);
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  clearInterval(watch);
  say(
    'export of them',
    `${((performance.now() - exportStart) / 1_000).toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB of text, +${Math.max(0, peak - before2).toFixed(0)} MB`,
  );
  await service.stop();
}

await unload();
await largeImport();
await backfill();
await longRun();
