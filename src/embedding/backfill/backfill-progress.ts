/** How far a backfill is, and how fast. */
import type { EmbeddingErrorCode } from '../embedding-error.ts';

export interface BackfillProgress {
  /**
   * `waiting`: held up by something that is not a text's own fault; it goes on by itself once that is over.
   * `stopped`: ended before everything was embedded.
   */
  readonly state: 'idle' | 'running' | 'waiting' | 'stopped' | 'finished';
  /** What it waits for, or why it was given up; `unreadable`: the database cannot be read. */
  readonly reason?: BackfillReason;
  /** Restaurants embedded by this run. */
  readonly done: number;
  readonly failed: number;
  /** What this run set out to embed: done, failed and what is left. */
  readonly total: number;
  readonly textsPerSecond: number;
  readonly estimatedSecondsLeft: number | null;
  readonly batchSize: number;
  readonly startedAt: string | null;
}

export type BackfillReason = EmbeddingErrorCode | 'unreadable';

/** One run, as it is counted: nothing is asked of the database to tell how far it is. */
export interface BackfillRun {
  state: BackfillProgress['state'];
  reason: BackfillReason | undefined;
  done: number;
  /** Rows that had their try; the run leaves them alone from then on. */
  readonly failed: Set<number>;
  left: number;
  readonly batchSize: number;
  /** ms since the epoch; 0 before the first run, undefined while it runs. */
  readonly startedAt: number;
  endedAt: number | undefined;
}

export function newRun(state: 'idle' | 'running', batchSize: number, startedAt: number): BackfillRun {
  return {
    state,
    reason: undefined,
    done: 0,
    failed: new Set(),
    left: 0,
    batchSize,
    startedAt,
    endedAt: undefined,
  };
}

/** `now` in ms since the epoch. */
export function describeRun(run: BackfillRun, now: number): BackfillProgress {
  const { state, reason, done, failed, left, batchSize, startedAt, endedAt } = run;
  const seconds = ((endedAt ?? now) - startedAt) / 1_000;
  const textsPerSecond = done > 0 && seconds > 0 ? done / seconds : 0;
  const isUnderWay = startedAt > 0 && endedAt === undefined;
  return {
    state,
    ...(reason && { reason }),
    done,
    failed: failed.size,
    total: done + failed.size + left,
    textsPerSecond: Math.round(textsPerSecond * 100) / 100,
    estimatedSecondsLeft: isUnderWay && textsPerSecond > 0 ? Math.round(left / textsPerSecond) : null,
    batchSize,
    startedAt: startedAt > 0 ? new Date(startedAt).toISOString() : null,
  };
}
