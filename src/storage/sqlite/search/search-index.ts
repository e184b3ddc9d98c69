/** Keeps the keyword index and the vocabulary up to date: at once after few changes, in small steps after many. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { createIndexChanges } from './index-changes.ts';

/** Rows of a step: about 4 ms. */
const STEP_ROWS = 50;
/** Up to this many changed rows are indexed before a search (about 6 ms); more are left to {@link SearchIndex.catchUp}. */
const FEW_ROWS = 256;
/** After each step a pause of this many times its length, so that at most a quarter of the CPU time is used. */
const PAUSE_FACTOR = 3;

export interface SearchIndex {
  /** Locations are searched too once the index is complete. */
  isComplete(): boolean;
  /** The vocabulary has the words and places of every restaurant. */
  isUpToDate(): boolean;
  /** Indexes the changes if they are few; otherwise starts {@link catchUp}. */
  refresh(): void;
  /** Resolves when the index and the vocabulary are complete, or when `close` was called. */
  catchUp(): Promise<void>;
  close(): void;
}

/** `onError` is called when the database cannot be written; the next search tries again. */
export function createSearchIndex(
  database: Database,
  onError: (error: unknown) => void = () => {},
): SearchIndex {
  const changes = createIndexChanges(database);
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  async function catchUpInSteps(): Promise<void> {
    while (!closing.signal.aborted) {
      const start = performance.now();
      if (!changes.isBuilt()) changes.buildNext(STEP_ROWS);
      else if (changes.countWaiting(1) > 0) changes.countNext(STEP_ROWS);
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
  if (!changes.isBuilt() && changes.countWaiting(1) === 0) changes.buildNext(STEP_ROWS);

  return {
    isComplete: changes.isBuilt,
    isUpToDate: () => changes.isBuilt() && changes.countWaiting(1) === 0,
    catchUp,
    refresh() {
      const rows = changes.countWaiting(FEW_ROWS + 1);
      if (rows === 0 || running) return;
      if (!changes.isBuilt() || rows > FEW_ROWS) {
        void catchUp();
        return;
      }
      try {
        while (changes.countWaiting(1) > 0) changes.countNext(FEW_ROWS);
      } catch (error) {
        onError(error);
      }
    },
    close() {
      closing.abort();
    },
  };
}
