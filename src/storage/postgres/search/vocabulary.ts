/** The Vocabulary port on PostgreSQL: words from the counts that every write maintains; stems are computed here. */
import { foldText } from '../../../catalog/fold-text.ts';
import type { KnownPlace, KnownWord, Vocabulary } from '../../../search/vocabulary.ts';
import { foldedWords } from '../../../search/words/split-words.ts';
import { stem } from '../../../search/words/stem.ts';
import type { Queries } from '../connection/database.ts';
import { phrase } from './words-query.ts';

/** Inflections differ from the stem in at most this many final letters, so they share the letters before. */
const INFLECTED_LETTERS = 2;
const SHORTEST_PREFIX = 2;
/** Sorts after every letter: ends the range of words with a prefix. */
const END = '\u{10ffff}';
/** Locations read for one name. */
const MAX_LOCATIONS = 500;

interface WordRow {
  readonly word: string;
  readonly rows: number;
}

/** The range of the words that may have this stem. */
function rangeOf(own: string): readonly [start: string, end: string] {
  const prefix = own.slice(0, Math.max(SHORTEST_PREFIX, own.length - INFLECTED_LETTERS));
  return [prefix, prefix + END];
}

export function createVocabulary(queries: Queries): Vocabulary {
  /** Words from each start up to its end, the most frequent first. */
  async function listBetween(
    ranges: readonly (readonly [start: string, end: string])[],
  ): Promise<KnownWord[]> {
    const found = await queries.rows<WordRow>(
      `SELECT c.word, sum(c.rows)::bigint AS rows
       FROM (SELECT DISTINCT start, beyond FROM unnest(:starts::text[], :ends::text[]) AS t (start, beyond)) t
       CROSS JOIN LATERAL (
         SELECT word, rows FROM word_counts WHERE word >= t.start AND word < t.beyond
         UNION ALL SELECT word, rows FROM word_changes WHERE word >= t.start AND word < t.beyond) c
       GROUP BY c.word, t.start HAVING sum(c.rows) > 0 ORDER BY rows DESC, c.word`,
      { starts: ranges.map(([start]) => start), ends: ranges.map(([, end]) => end) },
    );
    return found.map(({ word, rows }) => ({ word, rows, stem: stem(word) }));
  }

  async function countRestaurants(): Promise<number> {
    const counted = await queries.row<{ rows: number }>(
      `SELECT coalesce(sum(rows), 0)::bigint AS rows FROM (
         SELECT rows FROM word_counts WHERE word = '' UNION ALL SELECT rows FROM word_changes WHERE word = '') c`,
    );
    return counted?.rows ?? 0;
  }

  return {
    async lookUp({ words, stems }) {
      const ranges = [...stems.map(rangeOf), ...words.map((word) => [word, `${word}\u0001`] as const)];
      const [listed, totalRows] = await Promise.all([listBetween(ranges), countRestaurants()]);
      const [wanted, asked] = [new Set(stems), new Set(words)];
      const known = listed.filter((one) => wanted.has(one.stem) || asked.has(one.word));
      return { known: [...new Map(known.map((one) => [one.word, one])).values()], totalRows };
    },

    async listSimilar(word, maxDistance) {
      const [first = ''] = word;
      const listed = await listBetween([[first, first + END]]);
      return listed.filter((known) => Math.abs(known.word.length - word.length) <= maxDistance);
    },

    async listBeginning(prefix, limit) {
      return (await listBetween([[prefix, prefix + END]])).slice(0, limit);
    },

    async findPlaces({ names, beginnings }) {
      const locations = await queries.rows<{ location: string; rows: number }>(
        `SELECT listed.location, count(*)::int AS rows FROM unnest(:words::text[]) AS t (words)
         CROSS JOIN LATERAL (SELECT location FROM restaurants
           WHERE words @@ t.words::tsquery LIMIT ${MAX_LOCATIONS}) listed GROUP BY listed.location`,
        { words: [...new Set(names)].map((name) => phrase(name, 'C')) },
      );
      const wanted = new Set(names);
      const found = new Map<string, KnownPlace>();
      for (const { location, rows } of locations) {
        for (const part of location.split(',')) {
          const name = foldedWords(foldText(part)).join(' ');
          const isNamed =
            wanted.has(name) || beginnings.some((beginning) => name.startsWith(`${beginning} `));
          const earlier = found.get(name)?.rows ?? 0;
          if (isNamed) found.set(name, { name, label: part.trim(), rows: earlier + rows });
        }
      }
      return { places: [...found.values()], isComplete: true };
    },
  };
}
