/** Nearest neighbours with an int8 index in memory, rescored with the stored floats, for large catalogues. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { NearestNeighbours, NearestRequest, Neighbour } from '../../../search/nearest-neighbours.ts';
import { createAllowedRows } from './allowed-rows.ts';
import type { CurrentVectors } from './current-vectors.ts';
import { createInt8Index, type Int8Index } from '../../../vector-index/int8-index.ts';
import { scoreInSlices } from './score-in-slices.ts';
import type { VectorChanges } from '../embeddings/vector-changes.ts';

export interface Int8VectorIndex extends Pick<NearestNeighbours, 'nearest'> {
  /** Whether it holds this version's vectors; otherwise another index has to answer. */
  isFilled(version: StoredModelVersion): boolean;
  isFilling(): boolean;
  /**
   * Replaces the contents by this version's vectors, in slices; resolves when it is filled or was dropped meanwhile.
   * Rejects with the database's error when the vectors cannot be read, and is empty then.
   */
  fill(version: StoredModelVersion): Promise<void>;
  /** Empties the index and returns the bytes released. */
  drop(): number;
}

export interface Int8VectorIndexOptions {
  readonly slabRows?: number;
  /** Candidates of the first round, in addition to those requested. */
  readonly firstCandidates?: number;
  /** Rows read between two turns of the event loop. */
  readonly sliceRows?: number;
}

/** About 2 ms. */
const SLICE_ROWS = 256;
const FIRST_CANDIDATES = 100;
/** If a smaller share of the candidates matches the filter, listing the matching rows first is cheaper. */
const RARE = 0.05;

export function createInt8VectorIndex(
  vectors: CurrentVectors,
  changes: VectorChanges,
  { slabRows, firstCandidates = FIRST_CANDIDATES, sliceRows = SLICE_ROWS }: Int8VectorIndexOptions = {},
): Int8VectorIndex {
  const allowedRows = createAllowedRows(vectors);
  let held: { readonly index: Int8Index; readonly versionId: number } | undefined;
  let filled = false;
  let filling: Promise<void> | undefined;

  function drop(): number {
    const bytes = held?.index.byteLength ?? 0;
    held = undefined;
    filled = false;
    return bytes;
  }

  changes.listen({
    saved(id, vector, versionId) {
      if (held?.versionId === versionId) held.index.set(id, vector);
    },
    deleted: (id) => held?.index.delete(id),
  });

  async function fillInSlices(version: StoredModelVersion): Promise<void> {
    drop();
    const own = { index: createInt8Index(version.dimensions, slabRows), versionId: version.id };
    held = own;
    let after = 0;
    try {
      for (;;) {
        const page = vectors.page(version, after, sliceRows);
        if (!page) break;
        for (const { id, vector } of page.vectors) own.index.set(id, vector);
        after = page.last;
        await nextTurn();
        if (held !== own) return;
      }
    } catch (error) {
      if (held === own) drop();
      throw error;
    }
    filled = true;
  }

  /**
   * Takes more and more candidates until no row left out can belong to the answer: quantisation moves a vector by a
   * known angle, which bounds the scores of the rows left out. The answer is that of an exact scan.
   */
  async function search(own: Int8Index, request: NearestRequest): Promise<Neighbour[]> {
    const { vector, limit, filters, excludedIds, modelVersion } = request;
    const excluded = new Set(excludedIds);
    let among = allowedRows.ifRare(modelVersion, filters);
    for (let count = firstCandidates + limit + excluded.size; ;) {
      const { ids, beyond } = await own.nearest(vector, count, among);
      const wanted = ids.filter((id) => !excluded.has(id));
      // Listed rows are checked too, as they may have been edited or deleted since.
      const allowed = vectors.allowedAmong(modelVersion, wanted, filters);
      const found = await scoreInSlices(vectors, modelVersion, vector, allowed, limit);
      const last = found[limit - 1];
      if (beyond === -Infinity || (last && last.score > beyond)) return found;
      if (!among && allowed.length < RARE * wanted.length) among = allowedRows.list(modelVersion, filters);
      else count *= 4;
    }
  }

  return {
    isFilled: ({ id }) => filled && held?.versionId === id,
    isFilling: () => filling !== undefined,
    fill(version) {
      filling ??= fillInSlices(version).finally(() => {
        filling = undefined;
      });
      return filling;
    },
    drop,
    async nearest(request) {
      if (!held || !filled || held.versionId !== request.modelVersion.id)
        throw new Error('the index is not filled');
      return search(held.index, request);
    },
  };
}
