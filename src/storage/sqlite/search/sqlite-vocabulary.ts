/** The Vocabulary port on SQLite. */
import type { Database } from 'better-sqlite3';
import type { KnownPlace, KnownWord, Vocabulary } from '../../../search/vocabulary.ts';
import { stem } from '../../../search/words/stem.ts';
import type { DataVersion } from '../connection/data-version.ts';
import { createDataVersionCache } from '../connection/data-version-cache.ts';
import { createStatementCache } from '../connection/statement-cache.ts';
import { term } from './fts-query.ts';
import type { SearchIndex } from './search-index.ts';

/** Sorts after every letter: ends the range of words with a prefix. */
const END = '\u{10FFFF}';
const MAX_PLACES = 50;
/** Enough to distinguish a city from a district; counting takes 0.1 ms. */
const MAX_COUNTED = 1_000;

type Place = Omit<KnownPlace, 'rows'>;

export function createVocabulary(
  database: Database,
  index: SearchIndex,
  dataVersion: DataVersion,
): Vocabulary {
  const prepare = createStatementCache(database);
  const countAll = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const counted = createDataVersionCache<number>(dataVersion, { max: 1 });
  const countRestaurants = () => counted.read('all', () => countAll.get() as number);
  const byWord = prepare('SELECT word, stem, rows FROM search_words WHERE word = ?');
  const byStem = prepare('SELECT word, stem, rows FROM search_words WHERE stem = ?');
  const similar = prepare(
    `SELECT word, stem, rows FROM search_words
     WHERE word >= :first AND word < :end AND length(word) BETWEEN :shortest AND :longest ORDER BY rows DESC`,
  );
  const beginning = prepare(
    'SELECT word, stem, rows FROM search_words WHERE word >= :first AND word < :end ORDER BY rows DESC LIMIT :limit',
  );
  const placeByName = prepare('SELECT name, label FROM search_places WHERE name = ?');
  const placesFrom = prepare(
    `SELECT name, label FROM search_places WHERE name >= :first AND name < :end ORDER BY name LIMIT ${MAX_PLACES}`,
  );
  const isIndexed = database
    .prepare('SELECT 1 FROM restaurants_fts WHERE restaurants_fts MATCH ? LIMIT 1')
    .pluck();
  const occurs = (word: string) => isIndexed.get(term(word)) !== undefined;
  const countIndexed = database
    .prepare(
      `SELECT count(*) FROM
         (SELECT 1 FROM restaurants_fts WHERE restaurants_fts MATCH ? LIMIT ${MAX_COUNTED})`,
    )
    .pluck();

  return {
    async lookUp({ words, stems }) {
      index.refresh();
      const found = new Map<string, KnownWord>();
      const add = (word: KnownWord) => found.set(word.word, word);
      for (const one of stems) for (const word of byStem.all(one) as KnownWord[]) add(word);
      for (const word of new Set(words)) {
        const known = found.has(word) ? undefined : (byWord.get(word) as KnownWord | undefined);
        if (known) add(known);
        // A row that was just written may not be counted yet.
        else if (stems.includes(stem(word)) && !found.has(word) && occurs(word)) {
          add({ word, stem: stem(word), rows: 1 });
        }
      }
      return { known: [...found.values()], totalRows: countRestaurants() };
    },

    async listSimilar(word, maxDistance) {
      const [first = ''] = word;
      const found = similar.all({
        first,
        end: first + END,
        shortest: word.length - maxDistance,
        longest: word.length + maxDistance,
      });
      return found as KnownWord[];
    },

    async listBeginning(prefix, limit) {
      return beginning.all({ first: prefix, end: prefix + END, limit }) as KnownWord[];
    },

    async findPlaces({ names, beginnings }) {
      if (!index.isComplete()) return { places: [], isComplete: false };
      index.refresh();
      const found = [
        ...names.map((name) => placeByName.get(name) as Place | undefined),
        ...beginnings.flatMap((name) => placesFrom.all({ first: `${name} `, end: `${name}!` }) as Place[]),
      ];
      const places = found.flatMap((place) => {
        const rows = place ? (countIndexed.get(`location : ${term(place.name)}`) as number) : 0;
        // The last restaurant of a place may have moved or been deleted.
        return place && rows > 0 ? [{ ...place, rows }] : [];
      });
      return { places, isComplete: index.isUpToDate() };
    },
  };
}
