/**
 * How cost grows with the catalogue, 100 → 100,000 restaurants: a warm read, a list page at its depth, a cold read and an
 * import per row must stay flat. Says so, and fails when they do not.
 */
import { median, startService, syntheticRestaurants, temporaryFolder, toNdjson } from './service.mjs';

const SIZES = [100, 1_000, 10_000, 100_000];
/** Beyond it, growth over three orders of magnitude is not noise any more. */
const FLAT = 2.5;
const environment = { EMBED_WAIT_MS: '20000' };
const rows = [];

async function times(count, ask) {
  const taken = [];
  for (let i = 0; i < count; i += 1) taken.push((await ask(i)).ms);
  return median(taken);
}

async function deepCursor(service, size) {
  // A cursor in the middle: [sort, key, id], as the service makes them.
  const middle = Math.floor(size / 2);
  return Buffer.from(JSON.stringify(['id', middle, middle])).toString('base64url');
}

for (const size of SIZES) {
  const service = await startService({ folder: temporaryFolder(), environment });
  const startedAt = performance.now();
  for (let start = 0; start < size; start += 10_000) {
    const part = syntheticRestaurants(Math.min(10_000, size - start), { seed: start + 1 });
    await service.request(
      'POST',
      '/restaurants/import?batchSize=1000',
      toNdjson(part),
      'application/x-ndjson',
    );
  }
  const importMs = (performance.now() - startedAt) / size;
  await service.get('/restaurants/1');
  const cursor = await deepCursor(service, size);
  const step = Math.max(1, Math.floor(size / 60));
  const cold = await times(50, (i) =>
    service.get(`/restaurants/${2 + i * step > size ? 2 + i : 2 + i * step}`),
  );
  await times(200, () => service.get('/restaurants/1'));
  const warm = await times(400, () => service.get('/restaurants/1'));
  const first = await times(60, () => service.get('/restaurants?limit=20'));
  const deep = await times(60, () => service.get(`/restaurants?limit=20&cursor=${cursor}`));
  rows.push({ size, warm, first, deep, cold, import: importMs });
  await service.stop();
}

console.log(
  '| restaurants | warm read ms | first page ms | page in the middle ms | cold read ms | import ms a row |\n|---|---|---|---|---|---|',
);
for (const row of rows) {
  const { size, ...figures } = row;
  console.log(
    `| ${size.toLocaleString('en')} | ${Object.values(figures)
      .map((value) => value.toFixed(3))
      .join(' | ')} |`,
  );
}
const notFlat = ['warm', 'deep', 'cold', 'import'].filter((name) => rows.at(-1)[name] > FLAT * rows[1][name]);
console.log(
  notFlat.length === 0
    ? `\nFlat from 1,000 to 100,000 (within ${FLAT} ×): warm read, page in the middle, cold read, import per row.`
    : `\nNot flat: ${notFlat.join(', ')}`,
);
console.log(
  `series ${JSON.stringify({ name: 'growth', x: rows.map(({ size }) => size), lines: Object.fromEntries(['warm', 'deep', 'cold'].map((name) => [name, rows.map((row) => row[name])])) })}`,
);
if (notFlat.length > 0) process.exitCode = 1;
