/** Ranks the rows found by words and by meaning. */
import { createKeywordRelevance, placeFit, type KeywordRelevance } from './keyword-relevance.ts';
import type { NearestNeighbours, Neighbour } from './nearest-neighbours.ts';
import type { QueryAnalysis } from './query-analysis.ts';
import type { QueryVector } from './query-vectors.ts';
import { relevance } from './relevance.ts';
import { rowLimits } from './row-limits.ts';
import type { SearchableRow, SearchStore } from './search-store.ts';
import { priceFit } from './words/price-words.ts';

export interface Ranks {
  /** From 1; null when the row is not in that ranking. */
  readonly keyword: number | null;
  readonly semantic: number | null;
}

export interface RankedRow {
  readonly id: number;
  /** How well the row fits the query, 0–1; see {@link relevance}. */
  readonly score: number;
  readonly ranks: Ranks;
  readonly matchedWords: readonly string[];
  /** Cosine of query and restaurant, −1…1; null when it has no vector or meaning was not searched. */
  readonly similarity: number | null;
}

export interface RankRequest {
  readonly analysis: QueryAnalysis;
  readonly mode: 'hybrid' | 'semantic' | 'keyword';
  readonly wordIds: readonly number[];
  readonly neighbours: readonly Neighbour[];
  /** The query's vector; undefined when meaning was not searched. */
  readonly made: QueryVector | undefined;
  readonly minSimilarity: number | undefined;
}

export interface RankDependencies {
  readonly store: Pick<SearchStore, 'readRows'>;
  readonly neighbours: Pick<NearestNeighbours, 'scoreRows'>;
}

/** The best first, ties by id. Rows without a word of the query and outside its place need `minSimilarity`. */
export async function rankRows(
  { store, neighbours }: RankDependencies,
  { analysis, mode, wordIds, neighbours: near, made, minSimilarity }: RankRequest,
): Promise<RankedRow[]> {
  const similarities = new Map(near.map(({ id, score }) => [id, score]));
  const unscored = wordIds.filter((id) => !similarities.has(id));
  const [rows, scored] = await Promise.all([
    store.readRows([...new Set([...wordIds, ...similarities.keys()])]),
    made && unscored.length > 0 ? neighbours.scoreRows({ ...made, ids: unscored }) : [],
  ]);
  for (const { id, score } of scored) similarities.set(id, score);

  const limits = rowLimits(analysis, Math.max(...similarities.values(), -1));
  const least = minSimilarity ?? limits.minSimilarity;
  const needsWord = minSimilarity === undefined && limits.needsWord;
  const compare = createKeywordRelevance(analysis);
  const hasWish = analysis.terms.some(({ isWeak }) => !isWeak);
  const asksForPlaceOnly = analysis.place !== undefined && !hasWish;
  const candidates = rows.map((row) => toCandidate(row, compare(row), similarities.get(row.id), analysis));
  const kept = candidates.filter(({ words, similarity, place }) => {
    if (needsWord) return hasWish && words.isMatch;
    if (mode !== 'semantic' && words.isMatch) return true;
    if (place !== undefined && place > 0 && (asksForPlaceOnly || mode !== 'keyword')) return true;
    return mode !== 'keyword' && similarity !== undefined && similarity >= least;
  });
  const semanticRanks = rankBy(kept, ({ similarity }) => similarity);
  const keywordRanks = rankBy(kept, ({ words }) => (words.isMatch ? words.coverage : undefined));
  return kept
    .map(({ id, words, similarity, place, price }) => ({
      id,
      score: relevance({
        similarity: mode === 'keyword' ? undefined : (similarity ?? null),
        words: mode === 'semantic' ? undefined : words,
        place,
        price,
      }),
      matchedWords: mode === 'semantic' ? [] : words.matchedWords,
      similarity: similarity ?? null,
      ranks: {
        keyword: mode === 'semantic' ? null : (keywordRanks.get(id) ?? null),
        semantic: semanticRanks.get(id) ?? null,
      },
    }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, minSimilarity === undefined ? limits.maxRows : undefined);
}

interface Candidate {
  readonly id: number;
  readonly words: KeywordRelevance;
  readonly similarity: number | undefined;
  readonly place: number | undefined;
  readonly price: number | undefined;
}

function toCandidate(
  row: SearchableRow,
  words: KeywordRelevance,
  similarity: number | undefined,
  { place, priceWish }: QueryAnalysis,
): Candidate {
  return {
    id: row.id,
    words,
    similarity,
    place: place && placeFit(place.parts, row.location),
    price: priceWish && priceFit(priceWish, row.priceLevel),
  };
}

/** Id → rank from 1, by the value, ties by id; rows without one are left out. */
function rankBy(
  candidates: readonly Candidate[],
  value: (candidate: Candidate) => number | undefined,
): Map<number, number> {
  const ranked = candidates
    .map((candidate) => ({ id: candidate.id, own: value(candidate) }))
    .filter((one): one is { id: number; own: number } => one.own !== undefined)
    .sort((a, b) => b.own - a.own || a.id - b.id);
  return new Map(ranked.map(({ id }, index) => [id, index + 1]));
}
