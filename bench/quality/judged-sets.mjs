/** Catalogues with judged queries: `rel` maps an externalId to its grade, 2 (wanted) or 1 (acceptable). */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = import.meta.dirname;
const root = resolve(folder, '../..');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const readLines = (path) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const sample = readLines(join(root, 'data/restaurants.ndjson'));

/** The relevant rows of these queries are all wanted; which of them cross languages was not judged. */
const binary = readJson(join(root, 'data/queries.json')).map(({ query, language, relevant }) => ({
  q: query,
  lang: language,
  kind: 'any',
  cross: false,
  rel: Object.fromEntries(relevant.map((id) => [id, 2])),
}));

export const judgedSets = [
  { name: 'sample', rows: sample, queries: readJson(join(folder, 'sample-queries.json')) },
  { name: 'sample, binary', rows: sample, queries: binary },
  {
    name: 'second catalogue',
    rows: readLines(join(folder, 'second-catalogue.ndjson')),
    queries: readJson(join(folder, 'second-queries.json')),
  },
];
