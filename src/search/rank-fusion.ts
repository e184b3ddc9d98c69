/** Merges two rankings whose scores cannot be compared. */

/** The constant of the paper; it keeps the first ranks from deciding everything. */
const K = 60;

export interface Ranks {
  /** From 1; null when the row is not in that ranking. */
  readonly keyword: number | null;
  readonly semantic: number | null;
}

export interface Fused {
  readonly id: number;
  readonly score: number;
  readonly ranks: Ranks;
}

const share = (rank: number | null) => (rank === null ? 0 : 1 / (K + rank));

/**
 * Reciprocal rank fusion: Σ 1/(k + rank), k = 60 (Cormack, Clarke & Büttcher, SIGIR 2009).
 * Both rankings are ids, best first. The result is sorted by score, ties by id.
 */
export function fuseRanks(keyword: readonly number[], semantic: readonly number[]): Fused[] {
  const ranks = new Map<number, { keyword: number | null; semantic: number | null }>();
  keyword.forEach((id, index) => ranks.set(id, { keyword: index + 1, semantic: null }));
  semantic.forEach((id, index) =>
    ranks.set(id, { keyword: ranks.get(id)?.keyword ?? null, semantic: index + 1 }),
  );
  return [...ranks]
    .map(([id, own]) => ({ id, ranks: own, score: share(own.keyword) + share(own.semantic) }))
    .sort((a, b) => b.score - a.score || a.id - b.id);
}
