/** Keeps the keyword index and the vocabulary up to date: at once after few changes, in small steps after many. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { createStatementCache } from '../connection/statement-cache.ts';
import { createCountWords, type WordsRow } from './count-words.ts';
import { finishIndex } from './finish-index.ts';

/** Rows of a step: about 4 ms. */
const STEP_ROWS = 50;
/** Up to this many changed rows are indexed before a search (about 6 ms); more are left to {@link SearchIndex.catchUp}. */
const FEW_ROWS = 256;
/** After each step a pause of this many times its length, so that at most a quarter of the CPU time is used. */
const PAUSE_FACTOR = 3;

export interface SearchIndex {
  /** Locations are searched too once the index is complete. */
  isComplete(): boolean;
  /** Indexes the changes if they are few; otherwise starts {@link catchUp}. */
  refresh(): void;
  /** Resolves when the index and the vocabulary are complete, or when `close` was called. */
  catchUp(): Promise<void>;
  close(): void;
}

interface IndexedRow extends WordsRow {
  readonly id: number;
}

/** `onError` is called when the database cannot be written; the next search tries again. */
export function createSearchIndex(
  database: Database,
  onError: (error: unknown) => void = () => {},
): SearchIndex {
  const prepare = createStatementCache(database);
  const countWords = createCountWords(database);
  const hasBuild = prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'search_build'`).pluck();
  const changed = prepare(
    `SELECT r.id, r.name, r.cuisine_type, r.description, r.location
     FROM search_changes c JOIN restaurants r ON r.id = c.id ORDER BY c.id LIMIT ?`,
  );
  const firstChanges = prepare('SELECT id FROM search_changes ORDER BY id LIMIT ?').pluck();
  const forget = prepare('DELETE FROM search_changes WHERE id <= ?');
  let complete = false;
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  function isComplete(): boolean {
    complete ||= hasBuild.get() === undefined;
    return complete;
  }

  /** Adds the next restaurants to the new index, which replaces the old one after the last of them. */
  const buildStep = database.transaction(() => {
    if (isComplete()) return;
    const from = prepare('SELECT indexed_until FROM search_build').pluck().get() as number;
    const rows = prepare(
      `SELECT id, name, cuisine_type, description, location FROM restaurants WHERE id > ? ORDER BY id LIMIT ?`,
    ).all(from, STEP_ROWS) as IndexedRow[];
    const last = rows.at(-1)?.id;
    if (last === undefined) {
      database.exec(finishIndex);
      return;
    }
    prepare(
      `INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
       SELECT id, name, cuisine_type, description, location FROM restaurants WHERE id > ? AND id <= ?`,
    ).run(from, last);
    prepare('UPDATE search_build SET indexed_until = ?').run(last);
    prepare('DELETE FROM search_changes WHERE id > ? AND id <= ?').run(from, last);
    countWords(rows);
  }).immediate;

  const countChanged = database.transaction((limit: number) => {
    const last = (firstChanges.all(limit) as number[]).at(-1);
    if (last === undefined) return;
    countWords(changed.all(limit) as IndexedRow[]);
    forget.run(last);
  }).immediate;

  const waiting = (limit: number) => (firstChanges.all(limit) as number[]).length;

  async function catchUpInSteps(): Promise<void> {
    while (!closing.signal.aborted) {
      const start = performance.now();
      if (!isComplete()) buildStep();
      else if (waiting(1) > 0) countChanged(STEP_ROWS);
      else return;
      await sleep((performance.now() - start) * PAUSE_FACTOR, undefined, { ref: false });
    }
  }

  function catchUp(): Promise<void> {
    running ??= catchUpInSteps()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  // An empty catalogue needs no building.
  if (!isComplete() && prepare('SELECT 1 FROM restaurants LIMIT 1').get() === undefined) buildStep();

  return {
    isComplete,
    catchUp,
    refresh() {
      const rows = waiting(FEW_ROWS + 1);
      if (rows === 0 || running) return;
      if (!isComplete() || rows > FEW_ROWS) {
        void catchUp();
        return;
      }
      try {
        countChanged(FEW_ROWS);
      } catch (error) {
        onError(error);
      }
    },
    close() {
      closing.abort();
    },
  };
}
