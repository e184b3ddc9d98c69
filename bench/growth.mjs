/**
 * How cost grows with the catalogue, 100 → 100,000 restaurants: reads of one restaurant, pages in the middle of every
 * order and the import of a row must stay flat. Says what does not, and fails when something that must be flat grows.
 */
import { join } from 'node:path';
import { heading, isQuick, row, show } from './goals.mjs';
import { median, startService, syntheticRestaurants, temporaryFolder, toNdjson } from './service.mjs';
import { writeSyntheticVectors } from './synthetic-vectors.mjs';

const SIZES = isQuick ? [100, 1_000] : [100, 1_000, 10_000, 100_000];
/** From the second size to the last: beyond it, growth is not noise any more. The first is all fixed cost. */
const FLAT = 2.5;
/** As many cold reads are timed, after as many that are not. */
const coldReads = (size) => Math.min(50, size / 10);
const PART_ROWS = 10_000;
const environment = { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' };
const mustBeFlat = {
  warm: 'warm read',
  cold: 'cold read, model loaded',
  'page by id': 'page in the middle, by id',
  'page by name': 'page in the middle, by name',
  'page by -rating': 'page in the middle, by -rating',
  import: 'import of a row',
};
const mayGrow = {
  similar: 'similar',
  explorer: 'explorer page `/`',
  embeddings: '`/embeddings`',
};

/** Median ms of so many answers, after as many that do not count; an answer that is not 200 ends the measurement. */
async function time(count, ask, warmUp = count) {
  const taken = [];
  for (let i = -warmUp; i < count; i += 1) {
    const { status, ms } = await ask(i);
    if (status !== 200) throw new Error(`status ${status}`);
    if (i >= 0) taken.push(ms);
  }
  return median(taken);
}

/** Imports the rows, whose text is made before: only the import is timed. Gives ms a row. */
async function importRows(service, size) {
  let taken = 0;
  for (let start = 0; start < size; start += PART_ROWS) {
    const rows = syntheticRestaurants(Math.min(PART_ROWS, size - start), { seed: start + 1 });
    const path = '/restaurants/import?batchSize=1000';
    const text = toNdjson(rows);
    const { ms, body } = await service.request('POST', path, text, 'application/x-ndjson');
    if (body.failed !== 0) throw new Error(JSON.stringify(body));
    taken += ms;
  }
  return taken / size;
}

/** The path of the page that begins in the middle of the order. */
async function middlePage(service, size, sort) {
  let path = `/restaurants?limit=100&sort=${sort}`;
  for (let seen = 0; seen + 100 <= size / 2; seen += 100) {
    const { nextCursor } = (await service.get(path)).body;
    if (!nextCursor) break;
    path = `/restaurants?limit=100&sort=${sort}&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return path.replace('limit=100', 'limit=20');
}

async function measure(size) {
  const cold = coldReads(size);
  const withVector = size - 2 * cold;
  const folder = temporaryFolder();
  let service = await startService({ folder, environment });
  const figures = { import: await importRows(service, size) };
  await service.stop();
  // The last of them stay without a vector, for the cold reads.
  writeSyntheticVectors(join(folder, 'bench.db'), withVector);

  service = await startService({ folder, environment });
  const embedded = (i) => 1 + (Math.abs(i * 7_919) % withVector);
  await service.request('POST', '/model/load');
  figures.warm = await time(300, (i) => service.get(`/restaurants/${embedded(i)}`));
  for (const sort of ['id', 'name', '-rating']) {
    const path = await middlePage(service, size, sort);
    figures[`page by ${sort}`] = await time(60, () => service.get(path));
  }
  figures.cold = await time(cold, (i) => service.get(`/restaurants/${size - cold + 1 + i}`));
  figures.similar = await time(20, (i) => service.get(`/restaurants/${embedded(i)}/similar`));
  figures.explorer = await time(20, () => service.get('/'));
  figures.embeddings = await time(20, () => service.get('/embeddings'));
  await service.stop();
  return figures;
}

const rows = [];
for (const size of SIZES) rows.push({ size, ...(await measure(size)) });

const reference = rows.at(SIZES.length > 2 ? 1 : 0);
const growthOf = (name) => rows.at(-1)[name] / reference[name];
const isFlat = (name) => growthOf(name) <= FLAT;
const sizes = rows.map(({ size }) => show(size));
heading('median ms, restaurants:', ...sizes, `× from ${show(reference.size)} on`, 'must be flat', '');
for (const [name, title] of Object.entries({ ...mustBeFlat, ...mayGrow })) {
  const verdict = name in mustBeFlat ? [`≤ ${FLAT} ×`, isFlat(name) ? 'met' : 'missed'] : ['', ''];
  row(title, ...rows.map((one) => show(one[name])), show(growthOf(name)), ...verdict);
}
const grown = Object.keys(mustBeFlat).filter((name) => !isFlat(name));
const names = (list) => list.map((name) => mustBeFlat[name] ?? mayGrow[name]).join('; ');
const flat = Object.keys({ ...mustBeFlat, ...mayGrow }).filter(isFlat);
console.log(`\nFlat (within ${FLAT} ×): ${names(flat)}.`);
const growing = Object.keys(mayGrow).filter((name) => !isFlat(name));
if (growing.length > 0) console.log(`Grows, and may: ${names(growing)}.`);
if (grown.length > 0) {
  console.log(`**Grows, and must not: ${names(grown)}.**`);
  process.exitCode = 1;
}
const drawn = ['warm', 'cold', 'page by id', 'page by name', 'page by -rating', 'similar'];
const lines = Object.fromEntries(
  drawn.map((name) => [mustBeFlat[name] ?? mayGrow[name], rows.map((one) => one[name])]),
);
console.log(`series ${JSON.stringify({ name: 'growth', x: SIZES, lines })}`);
