/** Vectors as int8 in memory, a quarter of their size, scanned with SIMD. */
import { exactSearch, MetricKind } from 'usearch';

/** Rows are kept in slabs, so that growing never copies the whole and little is allocated ahead. */
const SLAB_ROWS = 8_192;

interface Slab {
  readonly data: Int8Array;
  readonly ids: Float64Array;
  rows: number;
}

interface Place {
  readonly slab: number;
  readonly row: number;
}

export interface Candidate {
  readonly id: number;
  /** Cosine of the int8 vectors: within about 0.005 of the real one. */
  readonly approximateScore: number;
}

export interface Int8Matrix {
  readonly size: number;
  readonly byteLength: number;
  /** Adds the vector or replaces the one with this id. */
  set(id: number, vector: Float32Array): void;
  delete(id: number): void;
  /**
   * The `count` most similar rows; among these ids alone when they are given. Others get their turn between slabs, so
   * that a search over many rows does not hold up a read.
   */
  nearest(query: Float32Array, count: number, among?: readonly number[]): Promise<Candidate[]>;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const place = (position: number): Place => ({
  slab: Math.floor(position / SLAB_ROWS),
  row: position % SLAB_ROWS,
});

export function createInt8Matrix(dimensions: number): Int8Matrix {
  const slabs: Slab[] = [];
  const places = new Map<number, number>();
  /** Deleting moves a row, maybe from where a search has yet to look to where it has looked. */
  let moves = 0;
  function slabOf(position: number): Slab {
    const { slab } = place(position);
    return (slabs[slab] ??= {
      data: new Int8Array(SLAB_ROWS * dimensions),
      ids: new Float64Array(SLAB_ROWS),
      rows: 0,
    });
  }

  function rowAt(position: number): Int8Array {
    const { row } = place(position);
    return slabOf(position).data.subarray(row * dimensions, (row + 1) * dimensions);
  }

  function scan(
    data: Int8Array,
    ids: Float64Array,
    rows: number,
    query: Int8Array,
    count: number,
  ): Candidate[] {
    const filled = data.subarray(0, rows * dimensions);
    const found = exactSearch(filled, query, dimensions, Math.min(count, rows), MetricKind.Cos, 1);
    return [...found.keys].map((key, index) => ({
      id: ids[Number(key)] ?? 0,
      approximateScore: 1 - Number(found.distances[index]),
    }));
  }

  async function scanAll(query: Int8Array, count: number): Promise<Candidate[]> {
    const scanSlab = ({ data, ids, rows }: Slab) => scan(data, ids, rows, query, count);
    const before = moves;
    const found: Candidate[] = [];
    for (const [index, slab] of slabs.entries()) {
      if (index > 0) await nextTurn();
      found.push(...scanSlab(slab));
    }
    return moves === before ? found : slabs.flatMap(scanSlab);
  }

  /** Copies the rows together, a slab at a time, and scans the copy. */
  function scanAmong(query: Int8Array, count: number, ids: readonly number[]): Candidate[] {
    const positions = ids.flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b);
    const data = new Int8Array(Math.min(SLAB_ROWS, positions.length) * dimensions);
    const own = new Float64Array(Math.min(SLAB_ROWS, positions.length));
    const best: Candidate[] = [];
    for (let start = 0; start < positions.length; start += SLAB_ROWS) {
      const slice = positions.slice(start, start + SLAB_ROWS);
      slice.forEach((position, row) => {
        data.set(rowAt(position), row * dimensions);
        own[row] = slabOf(position).ids[place(position).row] ?? 0;
      });
      best.push(...scan(data, own, slice.length, query, count));
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
      quantise(vector, rowAt(position));
      const slab = slabOf(position);
      slab.ids[place(position).row] = id;
      if (known === undefined) slab.rows += 1;
    },
    delete(id) {
      const position = places.get(id);
      if (position === undefined) return;
      moves += 1;
      const last = places.size - 1;
      const lastSlab = slabOf(last);
      const lastId = lastSlab.ids[place(last).row] ?? 0;
      rowAt(position).set(rowAt(last));
      slabOf(position).ids[place(position).row] = lastId;
      places.set(lastId, position);
      places.delete(id);
      lastSlab.rows -= 1;
      if (lastSlab.rows === 0) slabs.pop();
    },
    async nearest(query, count, among) {
      const small = quantise(query, new Int8Array(dimensions));
      const found = among ? scanAmong(small, count, among) : await scanAll(small, count);
      return found.sort((a, b) => b.approximateScore - a.approximateScore || a.id - b.id).slice(0, count);
    },
  };
}

/** Scaled by its largest component, which the cosine does not notice. */
function quantise(vector: Float32Array, into: Int8Array): Int8Array {
  let largest = 0;
  for (let i = 0; i < vector.length; i += 1) largest = Math.max(largest, Math.abs(vector[i] ?? 0));
  const scale = largest > 0 ? 127 / largest : 0;
  for (let i = 0; i < vector.length; i += 1) into[i] = Math.round((vector[i] ?? 0) * scale);
  return into;
}
