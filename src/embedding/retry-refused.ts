/** Tries again, by itself, the rows whose embedding was refused for a reason that passes (queue, memory, back-off). */
import { backOffMs } from './back-off.ts';
import { passingCodes } from './embedding-error.ts';
import type { EmbedOutcome } from './embed-on-demand.ts';

/** Rows beyond this are left to their next read or to a backfill: a burst must not grow memory. */
const MAX_ROWS = 1_000;

export interface RefusedRetries {
  /** To be told of every outcome: remembers what was refused, forgets what is done. */
  note(restaurantId: number, outcome: EmbedOutcome): void;
  close(): void;
}

/** `onError` is told of a database that cannot be read; the row stays and is tried again like a refused one. */
export function createRefusedRetries(
  embed: (restaurantId: number) => Promise<EmbedOutcome>,
  onError: (error: Error) => void,
): RefusedRetries {
  const waiting = new Set<number>();
  let refusals = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function retryAll(): Promise<void> {
    for (const restaurantId of waiting) {
      if (closed) return;
      if (await isRefused(restaurantId)) {
        refusals += 1;
        return;
      }
    }
    refusals = 0;
  }

  async function isRefused(restaurantId: number): Promise<boolean> {
    try {
      return isRefusal(await embed(restaurantId));
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
      backOffMs(refusals + 1),
    );
    timer.unref();
  }

  return {
    note(restaurantId, outcome) {
      if (!isRefusal(outcome)) waiting.delete(restaurantId);
      else if (waiting.size < MAX_ROWS) waiting.add(restaurantId);
      schedule();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function isRefusal(outcome: EmbedOutcome): boolean {
  return outcome.status === 'pending' && outcome.reason !== 'in-progress' && passingCodes.has(outcome.reason);
}
