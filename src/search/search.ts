/** Text search: by keyword, by meaning, or both fused. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import { findByMeaning, type MeaningDependencies } from './search-by-meaning.ts';
import { allWords, MAX_QUERY_WORDS } from './query-words.ts';
import { fuseRanks, type Fused } from './rank-fusion.ts';
import type { KeywordHit, SearchStore } from './search-store.ts';
import type { Coverage } from './on-demand-coverage.ts';
import type { Neighbour } from './nearest-neighbours.ts';

export const searchModes = ['hybrid', 'semantic', 'keyword'] as const;
export type SearchMode = (typeof searchModes)[number];

/** Longer queries are cut: the model reads no more, and keywords beyond it only cost time. */
export const MAX_QUERY_CHARACTERS = 1_000;

/** How deep each ranking goes before the two are fused. */
const FUSION_DEPTH = 100;

export interface SearchRequest {
  readonly query: string;
  readonly mode: SearchMode;
  readonly filters: RestaurantFilters;
  readonly limit: number;
}

export interface SearchHit extends Fused {
  readonly matchedWords: readonly string[];
  /** Cosine of query and restaurant, −1…1; null when it is not in the ranking by meaning. */
  readonly similarity: number | null;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly coverage: Coverage;
  /** The model could not be used, so that meaning did not count; `reason` says why. */
  readonly degraded: boolean;
  readonly reason?: string;
  /** The query was longer than {@link MAX_QUERY_CHARACTERS}, or had more than {@link MAX_QUERY_WORDS} words. */
  readonly truncated: boolean;
}

export interface SearchDependencies extends MeaningDependencies {
  readonly store: SearchStore;
  readonly currentModel: CurrentModel;
}

/**
 * Scores are 1/rank by BM25 (`keyword`), cosine (`semantic`), or reciprocal rank fusion (`hybrid`, and whatever is
 * degraded: then of the keyword ranks alone).
 */
export async function search(
  dependencies: SearchDependencies,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const { store, currentModel } = dependencies;
  const modelVersion = currentModel.version();
  const { mode, filters, limit } = request;
  const query = request.query.toWellFormed().slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
  const truncated = request.query.length > MAX_QUERY_CHARACTERS || allWords(query).length > MAX_QUERY_WORDS;
  const depth = mode === 'hybrid' ? Math.max(FUSION_DEPTH, limit) : limit;
  const withoutEmbedding = async () => ({
    ...(await store.countMatches(filters, modelVersion)),
    toppedUp: 0,
  });

  if (mode === 'keyword') {
    const words = await store.searchKeywords({ query, filters, limit, modelVersion });
    return { hits: keywordHits(words), coverage: await withoutEmbedding(), degraded: false, truncated };
  }
  const meaning = await findByMeaning(dependencies, query, filters, depth);
  if ('reason' in meaning) {
    const words = await store.searchKeywords({ query, filters, limit, modelVersion });
    const coverage = await withoutEmbedding();
    return { hits: fusedHits(words, []), coverage, truncated, degraded: true, reason: meaning.reason };
  }
  const { neighbours, coverage } = meaning;
  const state = { coverage, truncated, degraded: false };
  if (mode === 'semantic') return { ...state, hits: semanticHits(neighbours) };
  const words = await store.searchKeywords({ query, filters, limit: depth, modelVersion });
  return { ...state, hits: fusedHits(words, neighbours).slice(0, limit) };
}

function keywordHits(words: readonly KeywordHit[]): SearchHit[] {
  return words.map(({ id, matchedWords }, index) => ({
    id,
    matchedWords,
    score: 1 / (index + 1),
    similarity: null,
    ranks: { keyword: index + 1, semantic: null },
  }));
}

function semanticHits(neighbours: readonly Neighbour[]): SearchHit[] {
  return neighbours.map(({ id, score }, index) => ({
    id,
    score,
    similarity: score,
    matchedWords: [],
    ranks: { keyword: null, semantic: index + 1 },
  }));
}

function fusedHits(words: readonly KeywordHit[], neighbours: readonly Neighbour[]): SearchHit[] {
  const matched = new Map(words.map((hit) => [hit.id, hit.matchedWords]));
  const similarity = new Map(neighbours.map(({ id, score }) => [id, score]));
  const fused = fuseRanks(
    words.map(({ id }) => id),
    neighbours.map(({ id }) => id),
  );
  return fused.map((hit) => ({
    ...hit,
    matchedWords: matched.get(hit.id) ?? [],
    similarity: similarity.get(hit.id) ?? null,
  }));
}
