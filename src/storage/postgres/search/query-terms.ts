/** The terms of a query as `tsquery`, with how common each of them is. */
import type { QueryTerm } from '../../../search/query-analysis.ts';
import type { Queries } from '../connection/database.ts';
import { readWordStatistics } from './word-counts.ts';
import { phrase } from './words-query.ts';

/** A term in more rows than this is common: it weighs little, and ranking all of its rows would take long. */
export const COMMON_ROWS = 2_000;

export interface WeightedWord {
  readonly word: string;
  readonly weight: number;
}

export interface TsqueryTerms {
  /** A query for rows with all content terms. */
  readonly all: string;
  /** The terms that few rows have, the rarest first. */
  readonly rare: readonly string[];
  readonly common: readonly string[];
  readonly words: readonly WeightedWord[];
  readonly averageWords: number;
}

const formsOf = ({ forms, translations }: QueryTerm) => [...new Set([...forms, ...translations])];

/** Undefined when there is no term. */
export async function readQueryTerms(
  queries: Queries,
  given: readonly QueryTerm[],
): Promise<TsqueryTerms | undefined> {
  const content = given.filter(({ isWeak }) => !isWeak);
  const terms = content.length > 0 ? content : given;
  if (terms.length === 0) return undefined;
  const words = [...new Set(terms.flatMap(formsOf).flatMap((form) => form.split(' ')))];
  const { averageWords, rowsOf } = await readWordStatistics(
    queries,
    words.map((word) => ({ word, isPrefix: false })),
  );
  const rows = new Map(words.map((word, index) => [word, rowsOf[index] ?? 0]));
  const counted = terms
    .map((term) => ({ match: anyForm(term), rows: countForms(term, rows) }))
    .sort((a, b) => a.rows - b.rows);
  return {
    all: [...new Set(terms.map(anyForm))].join(' & '),
    rare: counted.filter((term) => term.rows > 0 && term.rows <= COMMON_ROWS).map(({ match }) => match),
    common: counted.filter((term) => term.rows > COMMON_ROWS).map(({ match }) => match),
    words: terms.flatMap((term) =>
      formsOf(term).map((word) => ({ word, weight: Math.max(1e-6, term.weight) })),
    ),
    averageWords,
  };
}

const anyForm = (term: QueryTerm) =>
  `(${formsOf(term)
    .map((form) => phrase(form))
    .join(' | ')})`;

/** A phrase occurs in at most as many rows as its rarest word. */
const countForms = (term: QueryTerm, rows: ReadonlyMap<string, number>) =>
  formsOf(term).reduce(
    (sum, form) => sum + Math.min(...form.split(' ').map((word) => rows.get(word) ?? 0)),
    0,
  );
