/** The steps that bring the keyword index and the vocabulary up to date, each in a transaction of its own. */
import type { Database } from 'better-sqlite3';
import { createStatementCache } from '../connection/statement-cache.ts';
import { createCountWords, type WordsRow } from './count-words.ts';
import { finishIndex } from './finish-index.ts';

export interface IndexChanges {
  /** The keyword index of this release is in use; otherwise that of an earlier one answers. */
  isBuilt(): boolean;
  /** How many rows are to be counted; counting stops at `limit`. */
  countWaiting(limit: number): number;
  /** Counts up to `limit` changed rows, or else up to `limit` new ones. */
  countNext(limit: number): void;
  /** Adds up to `limit` rows to the new keyword index, which replaces the old one after the last of them. */
  buildNext(limit: number): void;
}

interface IndexedRow extends WordsRow {
  readonly id: number;
}

const columns = 'id, name, cuisine_type, description, location';

export function createIndexChanges(database: Database): IndexChanges {
  const prepare = createStatementCache(database);
  const countWords = createCountWords(database);
  const hasNext = prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'restaurants_fts_next'`).pluck();
  const doneUntil = prepare('SELECT done_until FROM search_progress').pluck();
  const advance = prepare('UPDATE search_progress SET done_until = ?');
  const newRows = prepare(`SELECT ${columns} FROM restaurants WHERE id > ? ORDER BY id LIMIT ?`);
  const changedTexts = prepare(`SELECT ${columns} FROM search_changes ORDER BY id LIMIT ?`);
  const textsNow = prepare(
    `SELECT ${columns} FROM restaurants WHERE id IN (SELECT id FROM search_changes ORDER BY id LIMIT ?)`,
  );
  const forgetChanges = prepare('DELETE FROM search_changes WHERE id <= ?');
  const countRows = prepare(
    `SELECT (SELECT count(*) FROM (SELECT 1 FROM search_changes LIMIT :limit))
       + (SELECT count(*) FROM (SELECT 1 FROM restaurants
            WHERE id > (SELECT done_until FROM search_progress) LIMIT :limit))`,
  ).pluck();
  let built = false;

  function isBuilt(): boolean {
    built ||= hasNext.get() === undefined;
    return built;
  }

  /** Returns the first and last id of what it has counted. */
  function countNew(limit: number): { readonly after: number; readonly last: number } | undefined {
    const after = doneUntil.get() as number;
    const added = newRows.all(after, limit) as IndexedRow[];
    const last = added.at(-1)?.id;
    if (last === undefined) return undefined;
    countWords({ added, removed: [] });
    advance.run(last);
    return { after, last };
  }

  return {
    isBuilt,
    countWaiting: (limit) => countRows.get({ limit }) as number,
    countNext: database.transaction((limit: number) => {
      const removed = changedTexts.all(limit) as IndexedRow[];
      const last = removed.at(-1)?.id;
      if (last === undefined) {
        countNew(limit);
        return;
      }
      countWords({ added: textsNow.all(limit) as IndexedRow[], removed });
      forgetChanges.run(last);
    }).immediate,
    buildNext: database.transaction((limit: number) => {
      if (isBuilt()) return;
      const counted = countNew(limit);
      if (!counted) {
        database.exec(finishIndex);
        return;
      }
      prepare(
        `INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
         SELECT ${columns} FROM restaurants WHERE id > ? AND id <= ?`,
      ).run(counted.after, counted.last);
    }).immediate,
  };
}
