/** In how many rows words occur, from counts that every write keeps up to date. */
import type { Queries } from '../connection/database.ts';

export interface WordStatistics {
  /** Restaurants in the catalogue. */
  readonly rows: number;
  /** Different words of a restaurant on average, at least 1. */
  readonly averageWords: number;
  /** Rows in which each of the terms occurs, in the order asked for. */
  readonly rowsOf: readonly number[];
}

export interface QueryTerm {
  readonly word: string;
  /** Words that begin with it count too. */
  readonly isPrefix: boolean;
}

export async function readWordStatistics(
  queries: Queries,
  terms: readonly QueryTerm[],
): Promise<WordStatistics> {
  const rows = await queries.rows<{ rows: number; words: number }>(
    `SELECT counted.rows, counted.words
     FROM unnest(:words::text[], :ends::text[]) WITH ORDINALITY AS t (word, beyond, place)
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(c.rows), 0)::bigint AS rows, coalesce(sum(c.words), 0)::bigint AS words FROM (
         SELECT rows, words FROM word_counts WHERE word >= t.word AND word < t.beyond
         UNION ALL SELECT rows, words FROM word_changes WHERE word >= t.word AND word < t.beyond) c) counted
     ORDER BY t.place`,
    {
      words: ['', ...terms.map(({ word }) => word)],
      ends: ['\u0001', ...terms.map(({ word, isPrefix }) => word + (isPrefix ? '\u{10ffff}' : '\u0001'))],
    },
  );
  const [all, ...own] = rows;
  const total = all?.rows ?? 0;
  return {
    rows: total,
    averageWords: Math.max(1, (all?.words ?? 0) / Math.max(1, total)),
    rowsOf: own.map(({ rows: count }) => count),
  };
}

/** Changes are merged into `word_counts` at this number, as reading more of them would slow searches down. */
const MAX_CHANGES = 20_000;

const moveInto = (condition: string) => `
  moved AS (DELETE FROM word_changes WHERE ${condition} RETURNING *)
  INSERT INTO word_counts AS c (word, rows, words)
  SELECT word, sum(rows), sum(words) FROM moved GROUP BY word ORDER BY word
  ON CONFLICT (word) DO UPDATE SET rows = c.rows + excluded.rows, words = c.words + excluded.words`;

/** To be called after a bulk load. */
export async function mergeAllWordChanges(queries: Queries): Promise<void> {
  await queries.run(`WITH ${moveInto('true')}`);
}

/** Does nothing while there are few, or while another process does it. */
export async function mergeWordChanges(queries: Queries): Promise<void> {
  await queries.run(
    `WITH due AS MATERIALIZED (
       SELECT 1 FROM (SELECT 1 FROM word_changes LIMIT ${MAX_CHANGES}) listed
       HAVING count(*) = ${MAX_CHANGES} AND pg_try_advisory_xact_lock(2053075972)),
     ${moveInto('EXISTS (SELECT 1 FROM due)')}`,
  );
}
