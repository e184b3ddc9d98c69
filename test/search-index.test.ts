/** The keyword index and the vocabulary, while they are being built and after rows have changed. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../src/storage/sqlite/connection/open-database.ts';
import { createDataVersion } from '../src/storage/sqlite/connection/data-version.ts';
import { createSearchIndex } from '../src/storage/sqlite/search/search-index.ts';
import { createVocabulary } from '../src/storage/sqlite/search/sqlite-vocabulary.ts';
import { analyseQuery } from '../src/search/analyse-query.ts';
import { createIndexChanges } from '../src/storage/sqlite/search/index-changes.ts';
import { foldedWords } from '../src/search/words/split-words.ts';
import { fc } from './support/properties.ts';
import { repository, temporaryFolder } from './support/service.ts';

/** 40 restaurants, with the keyword index of an earlier release, which has no locations. */
async function openOfSchema3(t: TestContext): Promise<Database> {
  const path = join(await temporaryFolder(t), 'old.db');
  await copyFile(join(repository, 'test/fixtures/schema-3.sqlite'), path);
  const database = openDatabase(path);
  t.after(() => database.close());
  return database;
}

const find = (database: Database, words: string) =>
  database
    .prepare('SELECT rowid FROM restaurants_fts WHERE restaurants_fts MATCH ? ORDER BY rowid')
    .pluck()
    .all(words);

const insert = (database: Database, name: string, location: string) =>
  database
    .prepare(
      `INSERT INTO restaurants (name, name_folded, text_hash, description, location, created_at, updated_at, version)
       VALUES (?, '', '', 'Peixe', ?, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 1)`,
    )
    .run(name, location).lastInsertRowid;

const rename = (database: Database, id: number, name: string) =>
  database.prepare('UPDATE restaurants SET name = ? WHERE id = ?').run(name, id);
const remove = (database: Database, id: number) =>
  database.prepare('DELETE FROM restaurants WHERE id = ?').run(id);

/** Counted from the rows themselves. */
function wordsOfRows(database: Database): Map<string, number> {
  const counts = new Map<string, number>();
  const rows = database.prepare('SELECT name, cuisine_type, description, location FROM restaurants').raw();
  for (const row of rows.all() as (string | null)[][]) {
    for (const word of new Set(foldedWords(row.filter(Boolean).join(' ')))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

const countedWords = (database: Database) =>
  new Map(database.prepare('SELECT word, rows FROM search_words').raw().all() as [string, number][]);

function assertUpToDate(database: Database): void {
  assert.deepEqual(countedWords(database), wordsOfRows(database));
  const check = `INSERT INTO restaurants_fts (restaurants_fts, rank) VALUES ('integrity-check', 1)`;
  database.exec(check);
}

test('while the index of an earlier release is being replaced it answers, with every write; then locations are found too', async (t) => {
  const database = await openOfSchema3(t);
  const index = createIndexChanges(database);
  index.buildNext(30);
  rename(database, 5, 'Xaxado');
  rename(database, 35, 'Xaxado');
  remove(database, 26);
  remove(database, 36);
  const added = Number(insert(database, 'Xaxado', 'Xerém'));
  for (let steps = 0; !index.isBuilt(); steps += 1) {
    assert.deepEqual(find(database, 'xaxado'), [5, 35, added], `after ${steps} steps`);
    assert.throws(() => find(database, 'location: xerem'), /no such column/);
    index.buildNext(10);
    assert.ok(steps < 10);
  }
  assert.deepEqual(find(database, 'xaxado'), [5, 35, added]);
  assert.deepEqual(find(database, 'location: xerem'), [added]);
  while (index.countWaiting(1) > 0) index.countNext(10);
  assertUpToDate(database);
});

test('a city is not taken for one without restaurants before all places are known', async (t) => {
  const database = await openOfSchema3(t);
  const index = createSearchIndex(database);
  const vocabulary = createVocabulary(database, index, createDataVersion(database));
  const placeOf = async (query: string) =>
    (await analyseQuery(query, { vocabulary, dictionary: { has: async () => false } })).place;
  assert.equal(await placeOf('sushi in Tokyo'), undefined);
  // Its pauses do not keep a process running.
  const keepRunning = setInterval(() => {}, 1_000);
  await index.catchUp();
  clearInterval(keepRunning);
  assert.equal((await placeOf('sushi in Tokyo'))?.isAbsent, true);
  insert(database, 'Yuki', 'Shibuya, Tokyo');
  assert.deepEqual((await placeOf('sushi in Tokyo'))?.parts, [['tokyo']]);
});

test('the vocabulary counts exactly the restaurants that have a word, whatever is written between its steps', () => {
  const change = fc.record({
    kind: fc.constantFrom('insert', 'rename', 'rename', 'remove', 'count'),
    word: fc.constantFrom('Bar', 'Café', 'Moqueca', 'Bar Café', 'Xis'),
    id: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const database = openDatabase(':memory:');
      try {
        const index = createIndexChanges(database);
        index.buildNext(1);
        for (const { kind, word, id } of changes) {
          if (kind === 'insert') insert(database, word, 'Belo Horizonte');
          else if (kind === 'rename') rename(database, id, word);
          else if (kind === 'remove') remove(database, id);
          else index.countNext(2);
        }
        while (index.countWaiting(1) > 0) index.countNext(2);
        assertUpToDate(database);
      } finally {
        database.close();
      }
    }),
    { numRuns: 30 },
  );
});
