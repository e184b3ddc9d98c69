/** Vectors as int8 in memory, a quarter of their size, scanned with SIMD. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exactSearch, MetricKind } from 'usearch';
import { highestCosine, quantise } from './quantise.ts';

/** Rows are kept in slabs, so that growing never copies the whole and little is allocated ahead. */
const SLAB_ROWS = 8_192;

interface Slab {
  readonly data: Int8Array;
  readonly ids: Float64Array;
  rows: number;
  /** The largest angle, in radians, between a vector and its int8 form, over all rows ever stored in this slab. */
  worstAngle: number;
}

interface Candidate {
  readonly id: number;
  /** Cosine of the int8 vectors. */
  readonly approximateScore: number;
  /** The exact cosine is not above this. */
  readonly highestScore: number;
}

interface Query {
  readonly small: Int8Array;
  /** Between the query and its int8 form, in radians. */
  readonly angle: number;
}

export interface Candidates {
  /** The rows whose int8 vectors are the most similar, best first. */
  readonly ids: readonly number[];
  /** The exact scores of all rows left out are at most this; −Infinity when none was left out. */
  readonly beyond: number;
}

export interface Int8Index {
  readonly size: number;
  readonly byteLength: number;
  /** Adds the vector or replaces the one with this id. */
  set(id: number, vector: Float32Array): void;
  delete(id: number): void;
  /**
   * The `count` most similar rows; only among these ids when they are given. Yields to the event loop between slabs,
   * so that a search over many rows does not delay a read.
   */
  nearest(query: Float32Array, count: number, among?: readonly number[]): Promise<Candidates>;
}

export function createInt8Index(dimensions: number, slabRows = SLAB_ROWS): Int8Index {
  const slabs: Slab[] = [];
  const places = new Map<number, number>();
  /** Deletions so far. Each moves the last row, possibly from a slab not yet scanned to one already scanned. */
  let moves = 0;

  const rowOf = (position: number) => position % slabRows;
  function slabOf(position: number): Slab {
    return (slabs[Math.floor(position / slabRows)] ??= {
      data: new Int8Array(slabRows * dimensions),
      ids: new Float64Array(slabRows),
      rows: 0,
      worstAngle: 0,
    });
  }

  function rowAt(position: number): Int8Array {
    const row = rowOf(position);
    return slabOf(position).data.subarray(row * dimensions, (row + 1) * dimensions);
  }

  function scan({ data, ids, rows, worstAngle }: Slab, query: Query, count: number): Candidate[] {
    const filled = data.subarray(0, rows * dimensions);
    // One more than requested: its score bounds those of the rows left out.
    const found = exactSearch(filled, query.small, dimensions, Math.min(count + 1, rows), MetricKind.Cos, 1);
    return [...found.keys].map((key, index) => {
      const approximateScore = 1 - Number(found.distances[index]);
      const highestScore = highestCosine(approximateScore, query.angle + worstAngle);
      return { id: ids[Number(key)] ?? 0, approximateScore, highestScore };
    });
  }

  async function scanAll(query: Query, count: number): Promise<Candidate[]> {
    const before = moves;
    const found: Candidate[] = [];
    for (const [index, slab] of slabs.entries()) {
      if (index > 0) await nextTurn();
      found.push(...scan(slab, query, count));
    }
    return moves === before ? found : slabs.flatMap((slab) => scan(slab, query, count));
  }

  /** Copies the rows into one buffer, a slab at a time, and scans that. */
  function scanAmong(query: Query, count: number, ids: readonly number[]): Candidate[] {
    const positions = ids.flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b);
    const size = Math.min(slabRows, positions.length);
    const worstAngle = slabs.reduce((worst, slab) => Math.max(worst, slab.worstAngle), 0);
    const copy = { data: new Int8Array(size * dimensions), ids: new Float64Array(size), worstAngle };
    const best: Candidate[] = [];
    for (let start = 0; start < positions.length; start += slabRows) {
      const slice = positions.slice(start, start + slabRows);
      slice.forEach((position, row) => {
        copy.data.set(rowAt(position), row * dimensions);
        copy.ids[row] = slabOf(position).ids[rowOf(position)] ?? 0;
      });
      best.push(...scan({ ...copy, rows: slice.length }, query, count));
    }
    return best;
  }

  return {
    get size() {
      return places.size;
    },
    get byteLength() {
      return slabs.reduce((sum, { data, ids }) => sum + data.byteLength + ids.byteLength, 0);
    },
    set(id, vector) {
      const known = places.get(id);
      const position = known ?? places.size;
      places.set(id, position);
      const slab = slabOf(position);
      slab.worstAngle = Math.max(slab.worstAngle, quantise(vector, rowAt(position)));
      slab.ids[rowOf(position)] = id;
      if (known === undefined) slab.rows += 1;
    },
    delete(id) {
      const position = places.get(id);
      if (position === undefined) return;
      moves += 1;
      const last = places.size - 1;
      const lastSlab = slabOf(last);
      const lastId = lastSlab.ids[rowOf(last)] ?? 0;
      const slab = slabOf(position);
      rowAt(position).set(rowAt(last));
      slab.worstAngle = Math.max(slab.worstAngle, lastSlab.worstAngle);
      slab.ids[rowOf(position)] = lastId;
      places.set(lastId, position);
      places.delete(id);
      lastSlab.rows -= 1;
      if (lastSlab.rows === 0) slabs.pop();
    },
    async nearest(vector, count, among) {
      const small = new Int8Array(dimensions);
      const query = { small, angle: quantise(vector, small) };
      const found = among ? scanAmong(query, count, among) : await scanAll(query, count);
      found.sort((a, b) => b.approximateScore - a.approximateScore || a.id - b.id);
      return {
        ids: found.slice(0, count).map(({ id }) => id),
        beyond: found
          .slice(count)
          .reduce((highest, candidate) => Math.max(highest, candidate.highestScore), -Infinity),
      };
    },
  };
}
