/** Tries again, by itself, the rows whose embedding was refused for a reason that passes (queue, memory, back-off). */
import { backOffMs } from './back-off.ts';
import { transientCodes } from './embedding-error.ts';
import type { EmbedOutcome } from './embed-on-demand.ts';

/** Rows beyond this are left to their next read or to a backfill: a burst must not grow memory. */
const MAX_ROWS = 1_000;

export interface TransientRetries {
  /** To be told of every outcome: remembers what was refused, forgets what is done. */
  note(restaurantId: number, outcome: EmbedOutcome): void;
  close(): void;
}

/** `onError` is told of a database that cannot be read; the row stays and is tried again like a refused one. */
export function createTransientRetries(
  embed: (restaurantId: number) => Promise<EmbedOutcome>,
  onError: (error: Error) => void,
): TransientRetries {
  const waiting = new Set<number>();
  let rejections = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function retryAll(): Promise<void> {
    for (const restaurantId of waiting) {
      if (closed) return;
      if (await isRejected(restaurantId)) {
        rejections += 1;
        return;
      }
    }
    rejections = 0;
  }

  async function isRejected(restaurantId: number): Promise<boolean> {
    try {
      return isTransient(await embed(restaurantId));
    } catch (error) {
      onError(error as Error);
      // Behind the others: an unreadable page must not keep them from their turn.
      waiting.delete(restaurantId);
      waiting.add(restaurantId);
      return true;
    }
  }

  function schedule(): void {
    if (closed || timer || waiting.size === 0) return;
    timer = setTimeout(
      () => {
        void retryAll().finally(() => {
          timer = undefined;
          schedule();
        });
      },
      backOffMs(rejections + 1),
    );
    timer.unref();
  }

  return {
    note(restaurantId, outcome) {
      if (!isTransient(outcome)) waiting.delete(restaurantId);
      else if (waiting.size < MAX_ROWS) waiting.add(restaurantId);
      schedule();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function isTransient(outcome: EmbedOutcome): boolean {
  return (
    outcome.status === 'pending' && outcome.reason !== 'in-progress' && transientCodes.has(outcome.reason)
  );
}
