/** The VectorIndex port on an int8 matrix in memory, rescored with the stored floats, for large catalogues. */
import type { NearestRequest, Neighbour, VectorIndex } from '../similarity/vector-index.ts';
import type { CurrentGeneration } from './current-generation.ts';
import type { CurrentVectors } from './current-vectors.ts';
import { createInt8Matrix, type Int8Matrix } from './int8-matrix.ts';
import type { VectorChanges } from './vector-changes.ts';

export interface MatrixVectorIndex extends VectorIndex {
  /** False while it is not filled: then another index has to answer. */
  isFilled(): boolean;
  /** Fills it in slices; resolves when it is filled or has been dropped meanwhile. */
  fill(): Promise<void>;
  /** Gives its memory back, in bytes; the next fill starts over. */
  drop(): number;
}

/** Chunks of 16 rows read between two turns of the event loop: about 2 ms. */
const SLICE_CHUNKS = 16;
/** Quantisation shifts a cosine by no more than this: six standard deviations, measured over 10⁶ pairs. */
const MARGIN = 0.005;
const FIRST_CANDIDATES = 32;
/** With so many candidates the answer is taken as it is, however close the next ones are. */
const MAX_CANDIDATES = 1_024;
/** When fewer than this share of the candidates is allowed, listing the allowed rows first is cheaper. */
const RARE = 0.15;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

export function createMatrixVectorIndex(
  current: CurrentGeneration,
  vectors: CurrentVectors,
  changes: VectorChanges,
): MatrixVectorIndex {
  let matrix: Int8Matrix | undefined;
  let filled = false;
  let filling: Promise<void> | undefined;

  function drop(): number {
    const bytes = matrix?.byteLength ?? 0;
    matrix = undefined;
    filled = false;
    return bytes;
  }

  changes.listen({
    saved: (id, vector) => matrix?.set(id, vector),
    deleted: (id) => matrix?.delete(id),
    generationChanged: drop,
  });

  async function fillInSlices(): Promise<void> {
    const own = createInt8Matrix(current.dimensions);
    matrix = own;
    let chunk = 0;
    for (;;) {
      const page = vectors.page(chunk, SLICE_CHUNKS);
      if (!page) break;
      for (const { id, vector } of page.vectors) own.set(id, vector);
      chunk = page.lastChunk;
      await nextTurn();
      if (matrix !== own) return;
    }
    filled = true;
  }

  async function search(own: Int8Matrix, request: NearestRequest): Promise<Neighbour[]> {
    const { vector, limit, filters, excludedIds } = request;
    const excluded = new Set(excludedIds);
    let among: number[] | undefined;
    for (let count = FIRST_CANDIDATES + 2 * (limit + excluded.size); ;) {
      const candidates = await own.nearest(vector, count, among);
      const ids = candidates.map(({ id }) => id).filter((id) => !excluded.has(id));
      const allowed = among ? ids : vectors.allowedAmong(ids, filters);
      const found = vectors.score(vector, allowed).slice(0, limit);
      const lowest = candidates.at(-1)?.approximateScore ?? -1;
      const last = found[limit - 1];
      // Beyond the candidates nothing is left, or nothing that could belong to the answer.
      if (candidates.length < count || (last && (last.score >= lowest + MARGIN || count >= MAX_CANDIDATES)))
        return found;
      if (!among && allowed.length < RARE * ids.length) among = vectors.allAllowed(filters);
      else count *= 4;
    }
  }

  return {
    isFilled: () => filled,
    fill() {
      filling ??= fillInSlices().finally(() => {
        filling = undefined;
      });
      return filling;
    },
    drop,
    async nearest(request) {
      if (!matrix || !filled) throw new Error('the matrix is not filled');
      return search(matrix, request);
    },
  };
}
