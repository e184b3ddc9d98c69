/** A catalogue as a file, and what lies in a database while somebody else writes it. */
import assert from 'node:assert/strict';
import SqliteDatabase from 'better-sqlite3';
import { ndjson } from './import.ts';

export const rows = (count: number) =>
  ndjson(
    Array.from({ length: count }, (_, i) => ({
      externalId: `row-${i}`,
      name: `Casa ${i}`,
      description: `Prato número ${i} com arroz, feijão e couve.`,
    })),
  );

/** Checks integrity first. */
export function countRows(path: string): number {
  const database = new SqliteDatabase(path, { readonly: true });
  try {
    assert.equal(database.pragma('integrity_check', { simple: true }), 'ok');
    return database.prepare('SELECT count(*) FROM restaurants').pluck().get() as number;
  } finally {
    database.close();
  }
}

/** 0 while there is no such table yet. */
function countIn(path: string, table: string): number {
  try {
    const database = new SqliteDatabase(path, { readonly: true });
    try {
      return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    } finally {
      database.close();
    }
  } catch {
    return 0;
  }
}
export const countCommitted = (path: string) => countIn(path, 'restaurants');
export const countEmbedded = (path: string) => countIn(path, 'embeddings');
