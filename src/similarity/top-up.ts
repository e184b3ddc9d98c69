/** Embeds, within a time budget, what an answer would otherwise miss. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Priority } from '../embedding/embedder.ts';
import type { Promising, SimilarityStore } from './similarity-store.ts';

export interface Coverage {
  /** Rows that match the filters. */
  readonly eligible: number;
  /** How many of them have a current vector, those of this answer included. */
  readonly embedded: number;
  /** How many were embedded for this very answer. */
  readonly toppedUp: number;
}

export interface TopUp {
  /** Embeds the most promising rows until the budget is spent, then tells how much is covered. */
  run(filters: RestaurantFilters, promising: Promising): Promise<Coverage>;
}

export interface TopUpOptions {
  readonly store: SimilarityStore;
  readonly embedding: LazyEmbedding;
  /** Budget in ms; 0 turns it off. */
  readonly budgetMs: number;
  readonly now?: () => number;
}

/** A text takes about 5 ms: more than this many rows do not fit into any sensible budget. */
const MAX_ROWS = 200;
const PRIORITY: Priority = 'query';

export function createTopUp({
  store,
  embedding,
  budgetMs,
  now = () => performance.now(),
}: TopUpOptions): TopUp {
  /** One text after the other, so that the budget is exceeded by one text at most. */
  async function embedPromising(filters: RestaurantFilters, promising: Promising): Promise<number> {
    const deadline = now() + budgetMs;
    const ids = await store.listPromising({ filters, promising, limit: MAX_ROWS });
    let embedded = 0;
    for (const id of ids) {
      const waitMs = deadline - now();
      if (waitMs <= 0) break;
      const outcome = await embedding.embedOnDemand(id, { priority: PRIORITY, waitMs });
      if (outcome.status === 'ready') embedded += 1;
      // What keeps this row from being embedded keeps the others from it too.
      else if (outcome.status === 'pending') break;
    }
    return embedded;
  }

  return {
    async run(filters, promising) {
      const before = await store.countMatches(filters);
      if (budgetMs === 0 || before.embedded === before.eligible) return { ...before, toppedUp: 0 };
      const toppedUp = await embedPromising(filters, promising);
      return { ...(toppedUp > 0 ? await store.countMatches(filters) : before), toppedUp };
    },
  };
}
