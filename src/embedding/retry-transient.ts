/** Retries the rows whose embedding was rejected by a transient condition (queue, memory, CPU, back-off). */
import { backOffMs } from './back-off.ts';
import { transientCodes } from './embedding-error.ts';
import type { EmbedOutcome } from './embed-on-demand.ts';

/** Bounds the memory of a burst; rows beyond this wait for their next read or for a backfill. */
const MAX_ROWS = 1_000;

export interface TransientRetries {
  /** To be called with every outcome: adds the rows to retry and removes those that are done. */
  note(restaurantId: number, outcome: EmbedOutcome): void;
  close(): void;
}

/** `onError` is called when the database cannot be read; the row is retried like a rejected one. */
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
      // Moved behind the others, so that a row which cannot be read does not block them.
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
