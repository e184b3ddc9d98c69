/** The table of a model version's vectors, which may be dropped while a process still reads that version. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';

export const vectorTable = ({ id }: Pick<StoredModelVersion, 'id'>): string => `vectors_${Math.trunc(id)}`;

export const createVectorTable = (version: Pick<StoredModelVersion, 'id' | 'dimensions'>): string => `
  CREATE TABLE IF NOT EXISTS ${vectorTable(version)} (
    restaurant_id bigint PRIMARY KEY REFERENCES restaurants (id) ON DELETE CASCADE,
    text_hash     bytea NOT NULL,
    embedding     vector(${Math.trunc(version.dimensions)}) NOT NULL)`;

const UNDEFINED_TABLE = '42P01';

/** The result of `read`, or `otherwise` if the version's vectors were dropped. */
export async function unlessDropped<Value, Otherwise>(
  read: Promise<Value>,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await read;
  } catch (error) {
    if ((error as { code?: string }).code !== UNDEFINED_TABLE) throw error;
    return otherwise;
  }
}
