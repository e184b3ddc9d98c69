/**
 * Nearest-neighbour indexes that can be compared. Each is given `read`, which gives the vectors in parts, and a
 * folder, and gives `search(query, filter)` → up to ten ids. Ratings make filters of known selectivity.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DIMENSIONS } from './synthetic-vectors.mjs';

const require = createRequire(import.meta.url);
const NEIGHBOURS = 10;
/** An HNSW index that cannot filter is asked for so many times more, but never for more than this. */
const OVER_FETCH = 2;
const MOST_FETCHED = 4_000;

/** Share of the rows that pass, and the filter. */
export const filters = [
  [1, 0],
  [0.5, 3],
  [0.1, 3.5],
  [0.01, 4],
  [0.001, 5],
].map(([share, minRating]) => ({ share, minRating }));

export function ratingOf(id) {
  if (id % 1_000 === 1) return 5;
  if (id % 100 === 1) return 4;
  if (id % 10 === 1) return 3.5;
  return id % 2 === 1 ? 3 : 1;
}

/** The index that ships, on a database as the service makes it. */
async function ours({ read, folder, size }) {
  const { openVectorIndexes } = await import('./vector-indexes.mjs');
  const { modelVersion, addRows, onDisk, inMemory } = await openVectorIndexes(
    join(folder, 'ours.db'),
    DIMENSIONS,
  );
  for (const part of read()) addRows(part.map(({ id, vector }) => ({ id, vector, rating: ratingOf(id) })));
  // As the service chooses by MATRIX_MIN_ROWS.
  const index = size < 5_000 ? onDisk : inMemory;
  if (index === inMemory) await inMemory.fill(modelVersion);
  return async (vector, { minRating }) => {
    const request = {
      vector,
      limit: NEIGHBOURS,
      filters: minRating > 0 ? { minRating } : {},
      excludedIds: [],
      modelVersion,
    };
    return (await index.nearest(request)).map(({ id }) => id);
  };
}

function sqliteVec({ read, folder, type, value, convert }) {
  const SqliteDatabase = require('better-sqlite3');
  const database = new SqliteDatabase(join(folder, 'vec.db'));
  require('sqlite-vec').load(database);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec('CREATE TABLE r (id INTEGER PRIMARY KEY, rating REAL); CREATE INDEX by_rating ON r (rating)');
  database.exec(`CREATE VIRTUAL TABLE v USING vec0 (vector ${type} distance_metric=cosine)`);
  const insert = database.prepare(`INSERT INTO v (rowid, vector) VALUES (?, ${value})`);
  const insertRating = database.prepare('INSERT INTO r VALUES (?, ?)');
  const addPart = database.transaction((part) => {
    for (const { id, vector } of part) {
      insert.run(BigInt(id), convert(vector));
      insertRating.run(id, ratingOf(id));
    }
  });
  for (const part of read()) addPart(part);
  const select = `SELECT rowid FROM v WHERE vector MATCH ${value} AND k = ${NEIGHBOURS}`;
  const all = database.prepare(`${select} ORDER BY distance`).pluck();
  const some = database
    .prepare(`${select} AND rowid IN (SELECT id FROM r WHERE rating >= ?) ORDER BY distance`)
    .pluck();
  return (query, { minRating }) =>
    minRating > 0 ? some.all(convert(query), minRating) : all.all(convert(query));
}

/** Whole numbers of the full range: a cosine does not mind the scale, which is that of the largest component. */
function toInt8(vector) {
  let largest = 0;
  for (const one of vector) largest = Math.max(largest, Math.abs(one));
  return Int8Array.from(vector, (one) => Math.round((127 * one) / largest));
}

/** Asks for more than ten and throws away what the filter refuses. */
const filterAfterwards =
  (size, nearest) =>
  (query, { share, minRating }) => {
    const wanted = share === 1 ? NEIGHBOURS : Math.ceil((NEIGHBOURS / share) * OVER_FETCH);
    const ids = nearest(query, Math.min(wanted, MOST_FETCHED, size));
    return ids.filter((id) => ratingOf(id) >= minRating).slice(0, NEIGHBOURS);
  };

function usearch({ read, size }) {
  const { Index, MetricKind } = require('usearch');
  const index = new Index({ dimensions: DIMENSIONS, metric: MetricKind.Cos, connectivity: 16 });
  for (const part of read()) for (const { id, vector } of part) index.add(BigInt(id), vector);
  return filterAfterwards(size, (query, count) => [...index.search(query, count, 1).keys].map(Number));
}

function hnswlib({ read, size }) {
  const { HierarchicalNSW } = require('hnswlib-node');
  const index = new HierarchicalNSW('cosine', DIMENSIONS);
  index.initIndex(size);
  for (const part of read()) for (const { id, vector } of part) index.addPoint([...vector], id);
  return filterAfterwards(size, (query, count) => {
    index.setEf(Math.max(64, count));
    return index.searchKnn([...query], count).neighbors;
  });
}

export const contenders = {
  TasteMatch: ours,
  'sqlite-vec float': (context) =>
    sqliteVec({ ...context, type: 'float[384]', value: '?', convert: (vector) => vector }),
  'sqlite-vec int8': (context) =>
    sqliteVec({ ...context, type: 'int8[384]', value: 'vec_int8(?)', convert: toInt8 }),
  'usearch HNSW': usearch,
  'hnswlib-node': hnswlib,
};
