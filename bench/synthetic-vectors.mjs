/**
 * Synthetic vectors for large catalogues: a seeded mixture of 300 clusters in 384 dimensions, of unit length. Two of
 * one cluster have a cosine of about 0.56. To infer 100,000 would take ten minutes and change no figure of a search.
 */
import { createRequire } from 'node:module';
import { createRandom } from './service.mjs';

export const DIMENSIONS = 384;
const CLUSTERS = 300;
const SPREAD = 0.045;
const require = createRequire(new URL('../package.json', import.meta.url));

function unit(vector) {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}

/** A function that gives the next vector. */
export function createVectorSource(seed = 3) {
  const random = createRandom(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: CLUSTERS }, () =>
    unit(Float32Array.from({ length: DIMENSIONS }, gauss)),
  );
  return () => {
    const centre = centres[Math.floor(random() * CLUSTERS)];
    return unit(centre.map((value) => value + SPREAD * gauss()));
  };
}

/** Cosine, as both are of unit length. */
export function dot(a, b, offset = 0) {
  let sum = 0;
  for (let i = 0; i < DIMENSIONS; i += 1) sum += a[i] * b[offset + i];
  return sum;
}

/** Gives the restaurants 1 to `count` of a database that no service has open a vector of the latest model version. */
export function writeSyntheticVectors(file, count, seed = 3) {
  const SqliteDatabase = require('better-sqlite3');
  const database = new SqliteDatabase(file);
  require('sqlite-vec').load(database);
  const versionId = database.prepare('SELECT id FROM model_versions ORDER BY used_at DESC').pluck().get();
  const addVector = database.prepare(`INSERT INTO vectors_${versionId} (rowid, vector) VALUES (?, ?)`);
  const addRecord = database.prepare(
    `INSERT INTO embeddings (restaurant_id, model_version_id, text_hash, created_at)
     SELECT id, ?, text_hash, created_at FROM restaurants WHERE id = ?`,
  );
  const next = createVectorSource(seed);
  const addSome = database.transaction((from, to) => {
    for (let id = from; id < to; id += 1) {
      addVector.run(BigInt(id), next());
      addRecord.run(versionId, id);
    }
  });
  for (let id = 1; id <= count; id += 1_000) addSome(id, Math.min(id + 1_000, count + 1));
  database.close();
}
