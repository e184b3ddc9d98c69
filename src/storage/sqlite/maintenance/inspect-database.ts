/** Inspects a database without changing it. */
import SqliteDatabase from 'better-sqlite3';
import { load as loadSqliteVec } from 'sqlite-vec';
import { checkDatabase } from './backup.ts';
import { listVectorTables } from '../embeddings/drop-versions.ts';

export interface DatabaseInspection {
  readonly restaurants: number;
  readonly vectors: number;
  /** Vectors that belong to no record, and records without their vector. */
  readonly vectorsWithoutRow: number;
  readonly rowsWithoutVector: number;
}

/** Checks integrity first. Throws a `StorageError`. */
export function inspectDatabase(path: string): DatabaseInspection {
  checkDatabase(path);
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    loadSqliteVec(database);
    const count = (sql: string, ...values: number[]) =>
      database
        .prepare(sql)
        .pluck()
        .get(...values) as number;
    const versions = listVectorTables(database);
    const sum = (sql: (id: number) => string) =>
      versions.reduce((total, id) => total + count(sql(id), id), 0);
    return {
      restaurants: count('SELECT count(*) FROM restaurants'),
      vectors: count('SELECT count(*) FROM embeddings'),
      vectorsWithoutRow: sum(
        (id) =>
          `SELECT count(*) FROM vectors_${id}_rowids v WHERE NOT EXISTS
             (SELECT 1 FROM embeddings e WHERE e.restaurant_id = v.rowid AND e.model_version_id = ?)`,
      ),
      rowsWithoutVector: sum(
        (id) =>
          `SELECT count(*) FROM embeddings e WHERE e.model_version_id = ? AND NOT EXISTS
             (SELECT 1 FROM vectors_${id}_rowids v WHERE v.rowid = e.restaurant_id)`,
      ),
    };
  } finally {
    database.close();
  }
}
