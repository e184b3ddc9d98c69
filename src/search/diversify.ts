/** Diversity of a ranked answer, and removal of near-twins. */

interface Scored {
  readonly id: number;
  /** 0–1. */
  readonly score: number;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each next item is the one with the largest
 * `(1 − diversity) · score − diversity · (largest cosine to an item before it)`. Items without a vector count as unlike
 * any other. A `diversity` of 0 keeps the order.
 */
export function diversify<Item extends Scored>(
  items: readonly Item[],
  vectors: ReadonlyMap<number, Float32Array>,
  diversity: number,
  count: number,
): readonly Item[] {
  if (diversity === 0) return items.slice(0, count);
  const left = items.map((item) => ({ item, vector: vectors.get(item.id), closest: 0 }));
  const chosen: Item[] = [];
  while (chosen.length < count && left.length > 0) {
    let best = 0;
    let bestValue = -Infinity;
    for (const [index, { item, closest }] of left.entries()) {
      const value = (1 - diversity) * item.score - diversity * closest;
      if (value > bestValue) [best, bestValue] = [index, value];
    }
    const [next] = left.splice(best, 1);
    if (!next) break;
    chosen.push(next.item);
    for (const other of left) {
      if (next.vector && other.vector)
        other.closest = Math.max(other.closest, cosine(next.vector, other.vector));
    }
  }
  return chosen;
}

/** Both of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** From this cosine on two restaurants are near-twins, such as branches of a chain (0.97 and more in the sample data). */
const TWIN = 0.95;

/** Leaves out every item that is a near-twin of one before it. Items without a vector stay. */
export function collapseTwins<Item extends Scored>(
  items: readonly Item[],
  vectors: ReadonlyMap<number, Float32Array>,
): Item[] {
  const kept: Item[] = [];
  for (const item of items) {
    const vector = vectors.get(item.id);
    const isTwin = kept.some(({ id }) => {
      const other = vectors.get(id);
      return vector !== undefined && other !== undefined && cosine(vector, other) >= TWIN;
    });
    if (!isTwin) kept.push(item);
  }
  return kept;
}
