/** The terms of a query as FTS5 queries, with how common each of them is. */
import type { Database } from 'better-sqlite3';
import type { QueryTerm } from '../../../search/query-analysis.ts';
import { anyForm } from './fts-query.ts';

/** A term in more rows than this is common: it weighs little, and ranking all of its rows would take long. */
export const COMMON_ROWS = 2_000;

export interface FtsTerms {
  /** A query for rows with all content terms. */
  readonly all: string;
  /** The terms that few rows have, the rarest first. */
  readonly rare: readonly string[];
  readonly common: readonly string[];
}

export type ReadQueryTerms = (terms: readonly QueryTerm[]) => FtsTerms | undefined;

/** Undefined when there is no term. */
export function createQueryTerms(database: Database): ReadQueryTerms {
  // Counting stops at the limit: 0.2 ms for a word that is in every row.
  const countRows = database
    .prepare(
      `SELECT count(*) FROM
         (SELECT 1 FROM restaurants_fts WHERE restaurants_fts MATCH ? LIMIT ${COMMON_ROWS + 1})`,
    )
    .pluck();

  return (terms) => {
    const content = terms.filter(({ isWeak }) => !isWeak);
    const matches = [...new Set((content.length > 0 ? content : terms).map(anyForm))];
    if (matches.length === 0) return undefined;
    const counted = matches
      .map((match) => ({ match, rows: countRows.get(match) as number }))
      .sort((a, b) => a.rows - b.rows);
    return {
      all: matches.join(' AND '),
      rare: counted.filter(({ rows }) => rows > 0 && rows <= COMMON_ROWS).map(({ match }) => match),
      common: counted.filter(({ rows }) => rows > COMMON_ROWS).map(({ match }) => match),
    };
  };
}
