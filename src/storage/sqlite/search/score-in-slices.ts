/** Exact scores of many rows, in slices that bound the memory and the time that the event loop is blocked. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Neighbour } from '../../../search/nearest-neighbours.ts';
import { byScore, type CurrentVectors } from './current-vectors.ts';

/** Vectors compared between two turns of the event loop: about 5 ms. Thousands can tie, such as branches of a chain. */
const SLICE = 512;

/** The `limit` best by the stored float vectors, ties by id. */
export async function scoreInSlices(
  vectors: CurrentVectors,
  version: StoredModelVersion,
  query: Float32Array,
  ids: readonly number[],
  limit: number,
): Promise<Neighbour[]> {
  let best: Neighbour[] = [];
  for (let start = 0; start < ids.length; start += SLICE) {
    if (start > 0) await nextTurn();
    const scored = vectors.score(version, query, ids.slice(start, start + SLICE));
    best = [...best, ...scored].sort(byScore).slice(0, limit);
  }
  return best;
}
