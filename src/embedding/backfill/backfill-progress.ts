/** The progress and the speed of a backfill. */
import type { EmbeddingErrorCode } from '../embedding-error.ts';

export interface BackfillProgress {
  /**
   * `waiting`: paused by a transient condition; resumes automatically.
   * `stopped`: ended before everything was embedded.
   */
  readonly state: 'idle' | 'running' | 'waiting' | 'stopped' | 'finished';
  /** Why it is paused or was stopped; `unreadable`: the database cannot be read. */
  readonly reason?: BackfillReason;
  /** Restaurants embedded by this run. */
  readonly done: number;
  readonly failed: number;
  /** Rows of this run: done, failed and left. */
  readonly total: number;
  readonly textsPerSecond: number;
  readonly estimatedSecondsLeft: number | null;
  readonly batchSize: number;
  readonly startedAt: string | null;
}

export type BackfillReason = EmbeddingErrorCode | 'unreadable';

/** One run. It counts for itself, so that its progress costs no query. */
export interface BackfillRun {
  state: BackfillProgress['state'];
  reason: BackfillReason | undefined;
  done: number;
  /** Rows whose text failed; this run does not try them again. */
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
