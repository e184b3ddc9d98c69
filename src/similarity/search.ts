/** Text search: by keyword, by meaning, or both fused. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import { EmbeddingError } from '../embedding/embedding-error.ts';
import type { QueryVectors } from './query-vectors.ts';
import { fuseRanks, type Fused } from './rank-fusion.ts';
import type { KeywordHit, SimilarityStore } from './similarity-store.ts';
import type { Coverage, TopUp } from './top-up.ts';
import type { Neighbour, VectorIndex } from './vector-index.ts';

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
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly coverage: Coverage;
  /** The model could not be used, so that meaning did not count; `reason` says why. */
  readonly degraded: boolean;
  readonly reason?: string;
  /** The query was longer than {@link MAX_QUERY_CHARACTERS}. */
  readonly truncated: boolean;
}

export interface SearchDependencies {
  readonly store: SimilarityStore;
  readonly index: VectorIndex;
  readonly queryVectors: QueryVectors;
  readonly topUp: TopUp;
}

/** Scores are BM25 ranks as 1/rank (`keyword`), cosine (`semantic`), or reciprocal rank fusion (`hybrid`). */
export async function search(
  dependencies: SearchDependencies,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const { store, topUp } = dependencies;
  const { mode, filters, limit } = request;
  const query = request.query.toWellFormed().slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
  const truncated = request.query.length > MAX_QUERY_CHARACTERS;
  const depth = mode === 'hybrid' ? Math.max(FUSION_DEPTH, limit) : limit;

  if (mode === 'keyword') {
    const words = await store.searchKeywords({ query, filters, limit });
    const coverage = { ...(await store.countMatches(filters)), toppedUp: 0 };
    return { hits: keywordHits(words), coverage, degraded: false, truncated };
  }
  const meaning = await findByMeaning(dependencies, query, filters, depth);
  const words =
    mode === 'hybrid' || meaning.reason ? await store.searchKeywords({ query, filters, limit: depth }) : [];
  const coverage = meaning.coverage ?? (await topUp.run(filters, { query }));
  const state = { coverage, truncated, degraded: meaning.reason !== undefined };
  if (meaning.reason) return { ...state, hits: keywordHits(words).slice(0, limit), reason: meaning.reason };
  if (mode === 'semantic') return { ...state, hits: semanticHits(meaning.neighbours) };
  const matched = new Map(words.map((hit) => [hit.id, hit.matchedWords]));
  const fused = fuseRanks(
    words.map(({ id }) => id),
    meaning.neighbours.map(({ id }) => id),
  );
  return {
    ...state,
    hits: fused.slice(0, limit).map((hit) => ({ ...hit, matchedWords: matched.get(hit.id) ?? [] })),
  };
}

async function findByMeaning(
  { index, queryVectors, topUp }: SearchDependencies,
  query: string,
  filters: RestaurantFilters,
  limit: number,
): Promise<{ neighbours: Neighbour[]; coverage?: Coverage; reason?: string }> {
  if (query.trim() === '') return { neighbours: [] };
  try {
    const vector = await queryVectors.of(query);
    const coverage = await topUp.run(filters, { query });
    return { neighbours: await index.nearest({ vector, limit, filters, excludedIds: [] }), coverage };
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    return { neighbours: [], reason: error.code };
  }
}

function keywordHits(words: readonly KeywordHit[]): SearchHit[] {
  return words.map(({ id, matchedWords }, index) => ({
    id,
    matchedWords,
    score: 1 / (index + 1),
    ranks: { keyword: index + 1, semantic: null },
  }));
}

function semanticHits(neighbours: readonly Neighbour[]): SearchHit[] {
  return neighbours.map(({ id, score }, index) => ({
    id,
    score,
    matchedWords: [],
    ranks: { keyword: null, semantic: index + 1 },
  }));
}
