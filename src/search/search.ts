/** Text search: by keyword, by meaning, or both. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import { analyseQuery } from './analyse-query.ts';
import { diversify } from './diversify.ts';
import type { Coverage } from './on-demand-coverage.ts';
import { findByWords } from './find-by-words.ts';
import type { QueryAnalysis } from './query-analysis.ts';
import { rankRows, type RankedRow } from './rank-rows.ts';
import { findByMeaning, type Meaning, type MeaningDependencies } from './search-by-meaning.ts';
import type { SearchPlan } from './search-plan.ts';
import type { SearchStore } from './search-store.ts';
import type { Dictionary, Vocabulary } from './vocabulary.ts';
import { allWords, MAX_QUERY_WORDS } from './words/split-words.ts';

export const searchModes = ['hybrid', 'semantic', 'keyword'] as const;
export type SearchMode = (typeof searchModes)[number];

/** Longer queries are truncated: the model reads no more, and further keywords only cost time. */
const MAX_QUERY_CHARACTERS = 1_000;

/** Rows that each of the two searches contributes to the ranking, at least. */
const DEPTH = 100;
/** Rows among which a diverse answer is chosen, for each row of the answer. */
const DIVERSE_CHOICE = 3;

export interface SearchRequest {
  readonly query: string;
  readonly mode: SearchMode;
  readonly filters: RestaurantFilters;
  readonly limit: number;
  /** Rows of the ranking to skip, 0 by default; with an offset nothing is embedded. */
  readonly offset?: number | undefined;
  readonly excludedIds?: readonly number[] | undefined;
  /** 0–1; 0, the default, ranks by the score alone. */
  readonly diversity?: number | undefined;
  /** Replaces the measured least cosine of rows that have none of the query's words. */
  readonly minSimilarity?: number | undefined;
}

export interface SearchAnswer {
  readonly hits: readonly RankedRow[];
  readonly analysis: QueryAnalysis;
  readonly coverage: Coverage;
  /** The model could not be used, so that meaning did not count; `reason` says why. */
  readonly degraded: boolean;
  readonly reason?: string;
  /** The query was longer than {@link MAX_QUERY_CHARACTERS}, or had more than {@link MAX_QUERY_WORDS} words. */
  readonly truncated: boolean;
}

export interface SearchDependencies extends MeaningDependencies {
  readonly store: SearchStore;
  readonly vocabulary: Vocabulary;
  readonly dictionary: Dictionary;
  /** Called after each answer that was ranked by vectors. */
  readonly onRanked?: (() => void) | undefined;
}

/** The query is analysed once; words and meaning are searched at the same time. */
export async function search(
  dependencies: SearchDependencies,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const query = request.query.toWellFormed().slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
  const truncated = request.query.length > MAX_QUERY_CHARACTERS || allWords(query).length > MAX_QUERY_WORDS;
  const analysis = await analyseQuery(query, dependencies);
  const plan = planSearch(request, analysis);
  const [words, meaning] = await Promise.all([
    request.mode === 'semantic' ? [] : findByWords(dependencies, plan),
    request.mode === 'keyword' ? undefined : findByMeaning(dependencies, plan),
  ]);
  const degraded = meaning !== undefined && 'reason' in meaning;
  const wordIds = degraded && request.mode === 'semantic' ? await findByWords(dependencies, plan) : words;
  const found = degraded ? undefined : meaning;
  const ranked = await rankRows(dependencies, {
    analysis,
    mode: degraded ? 'keyword' : request.mode,
    wordIds,
    neighbours: found?.neighbours ?? [],
    made: found?.made,
    minSimilarity: request.minSimilarity,
  });
  if (found?.made) dependencies.onRanked?.();
  return {
    hits: await choosePage(dependencies, ranked, request, found),
    analysis,
    coverage: found ? found.coverage : await dependencies.onDemandCoverage.count(request.filters),
    truncated,
    degraded,
    ...(meaning && 'reason' in meaning && { reason: meaning.reason }),
  };
}

function planSearch(request: SearchRequest, analysis: QueryAnalysis): SearchPlan {
  const { filters, limit, offset = 0, excludedIds = [], diversity = 0 } = request;
  // The location filter matches all names of a place by any of them.
  const place = analysis.place?.parts[0]?.[0];
  const wanted = (offset + limit) * (diversity > 0 ? DIVERSE_CHOICE : 1);
  return {
    analysis,
    filters,
    preferred:
      place !== undefined && filters.location === undefined ? { ...filters, location: place } : undefined,
    limit: Math.max(DEPTH, wanted),
    pageEnd: offset + limit,
    excludedIds,
    mayEmbed: offset === 0,
  };
}

async function choosePage(
  { neighbours }: SearchDependencies,
  ranked: readonly RankedRow[],
  { limit, offset = 0, diversity = 0 }: SearchRequest,
  meaning: Exclude<Meaning, { reason: string }> | undefined,
): Promise<readonly RankedRow[]> {
  if (diversity === 0 || !meaning?.made) return ranked.slice(offset, offset + limit);
  const pool = ranked.slice(0, (offset + limit) * DIVERSE_CHOICE);
  const vectors = await neighbours.readVectors(
    pool.map(({ id }) => id),
    meaning.made.modelVersion,
  );
  return diversify(pool, vectors, diversity, offset + limit).slice(offset);
}
