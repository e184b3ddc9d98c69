/**
 * Reads vectors straight from sqlite-vec's own tables, which is 20 times faster than a point query through vec0:
 * `<table>_vector_chunks00` holds the floats of CHUNK_ROWS rows in one blob, `<table>_rowids` says where a row lies,
 * `<table>_chunks` which rows a chunk holds. (`_rowid_`: these tables have an unindexed column named rowid.) The layout is that of sqlite-vec 0.1, whose version is pinned.
 */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import { createStatementCache } from '../connection/statement-cache.ts';

/** Small chunks: SQLite reads a blob from its beginning, so a row costs half a chunk on average. */
export const CHUNK_ROWS = 16;

export interface StoredVector {
  readonly id: number;
  /** float32[dimensions]. */
  readonly vector: Float32Array;
}

export interface VectorChunks {
  /** The vectors of these rows, in any order; rows without one are left out. */
  read(version: StoredModelVersion, ids: readonly number[]): StoredVector[];
  /** The vectors of the `count` chunks behind this one, and the last chunk's id; undefined at the end. */
  page(
    version: StoredModelVersion,
    afterChunk: number,
    count: number,
  ): { readonly vectors: StoredVector[]; readonly lastChunk: number } | undefined;
}

interface ChunkRow {
  readonly chunk: number;
  readonly validity: Buffer;
  readonly rowids: Buffer;
  readonly vectors: Buffer;
}

export function createVectorChunks(database: Database): VectorChunks {
  const prepare = createStatementCache(database);

  return {
    read({ id: versionId, dimensions }, ids) {
      const table = `vectors_${versionId}`;
      const rows = prepare(
        `SELECT r.rowid AS id, substr(v.vectors, r.chunk_offset * :bytes + 1, :bytes) AS vector
         FROM ${table}_rowids r JOIN ${table}_vector_chunks00 v ON v._rowid_ = r.chunk_id
         WHERE r.rowid IN (SELECT value FROM json_each(:ids))`,
      ).all({ bytes: dimensions * 4, ids: JSON.stringify(ids) }) as { id: number; vector: Buffer }[];
      return rows.map(({ id, vector }) => ({ id, vector: floats(vector, 0, dimensions) }));
    },

    page({ id: versionId, dimensions }, afterChunk, count) {
      const table = `vectors_${versionId}`;
      const chunks = prepare(
        `SELECT c.chunk_id AS chunk, c.validity, c.rowids, v.vectors
         FROM ${table}_chunks c JOIN ${table}_vector_chunks00 v ON v._rowid_ = c.chunk_id
         WHERE c.chunk_id > ? ORDER BY c.chunk_id LIMIT ?`,
      ).all(afterChunk, count) as ChunkRow[];
      const last = chunks.at(-1);
      return last && { vectors: chunks.flatMap((chunk) => rowsOf(chunk, dimensions)), lastChunk: last.chunk };
    },
  };
}

function rowsOf({ validity, rowids, vectors }: ChunkRow, dimensions: number): StoredVector[] {
  const rows: StoredVector[] = [];
  for (let row = 0; row < CHUNK_ROWS; row += 1) {
    const isUsed = ((validity[row >> 3] ?? 0) >> (row & 7)) & 1;
    if (!isUsed) continue;
    rows.push({
      id: Number(rowids.readBigInt64LE(row * 8)),
      vector: floats(vectors, row * dimensions * 4, dimensions),
    });
  }
  return rows;
}

/** A view where the bytes lie on a boundary of four, which SQLite's own buffers do; otherwise a copy. */
function floats(bytes: Buffer, offset: number, dimensions: number): Float32Array {
  const start = bytes.byteOffset + offset;
  if (start % 4 === 0) return new Float32Array(bytes.buffer, start, dimensions);
  return new Float32Array(bytes.buffer.slice(start, start + dimensions * 4));
}
