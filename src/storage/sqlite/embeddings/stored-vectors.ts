/** Reads stored vectors from vec0's own tables if their layout is as expected, otherwise through its public interface. */
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import { CHUNK_ROWS, createVectorChunks } from './vector-chunks.ts';
import { createVectorPoints } from './vector-points.ts';
import type { StoredVector, VectorReader } from './vector-reader.ts';

/** `onSlow` is called once for a version whose vectors have to be read through the public interface. */
export function createStoredVectors(
  database: Database,
  onSlow: (reason: string) => void = () => {},
): VectorReader {
  const chunks = createVectorChunks(database);
  const points = createVectorPoints(database);
  const readers = new Map<number, VectorReader>();
  const sampleIds = database
    .prepare(
      `SELECT min(restaurant_id) FROM embeddings WHERE model_version_id = :id
       UNION SELECT max(restaurant_id) FROM embeddings WHERE model_version_id = :id`,
    )
    .pluck();

  /** Compares the first and the last row: if rowids were renumbered or the layout differed, the last would differ. */
  function isFastReaderRight(version: StoredModelVersion, ids: readonly number[]): boolean {
    try {
      const sizes = database.prepare(`SELECT DISTINCT size FROM vectors_${version.id}_chunks`).pluck().all();
      const fast = new Map(chunks.read(version, ids).map(({ id, vector }) => [id, vector]));
      const isEqual = ({ id, vector }: StoredVector) =>
        vector.every((value, i) => fast.get(id)?.[i] === value);
      return sizes.every((size) => size === CHUNK_ROWS) && points.read(version, ids).every(isEqual);
    } catch (error) {
      // A missing table or column. If the vectors cannot be read at all, reading them fails below.
      if ((error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
      return false;
    }
  }

  function readerOf(version: StoredModelVersion): VectorReader {
    const known = readers.get(version.id);
    if (known) return known;
    const ids = (sampleIds.all({ id: version.id }) as (number | null)[]).filter((id) => id !== null);
    if (ids.length === 0) return chunks;
    const reader = isFastReaderRight(version, ids) ? chunks : points;
    if (reader === points) {
      onSlow(`the tables of ${version.model} are not laid out as expected: vectors are read one by one`);
    }
    readers.set(version.id, reader);
    return reader;
  }

  return {
    read: (version, ids) => readerOf(version).read(version, ids),
    page: (version, after, rows) => readerOf(version).page(version, after, rows),
  };
}
