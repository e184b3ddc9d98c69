/** On-demand coverage: embeds likely candidates of an answer before it is ranked, within a time budget. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Priority } from '../embedding/embedder.ts';
import { textFailureCodes } from '../embedding/embedding-error.ts';
import type { CandidateHints, SearchStore } from './search-store.ts';

export interface Coverage {
  /** Rows that match the filters. */
  readonly eligible: number;
  /** How many of them have a current vector, those of this answer included. */
  readonly embedded: number;
  /** How many were embedded for this answer; not those that other requests embedded meanwhile. */
  readonly toppedUp: number;
}

/** Fewer than half of the rows have a vector: an answer should say so. */
export const isThin = ({ eligible, embedded }: Coverage) => 2 * embedded < eligible;

export interface OnDemandCoverage {
  /**
   * Embeds the likeliest candidates until the budget is spent, and returns the coverage. Finding them takes at most the
   * budget once more. Rows that match `preferred`, a subset of `filters`, come first.
   */
  run(filters: RestaurantFilters, hints: CandidateHints, preferred?: RestaurantFilters): Promise<Coverage>;
  /** Returns the coverage and embeds nothing. */
  count(filters: RestaurantFilters): Promise<Coverage>;
}

export interface OnDemandCoverageOptions {
  readonly store: SearchStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  /** Budget of the next answer in ms; 0 turns it off. */
  readonly budgetMs: () => number;
  readonly now?: () => number;
}

/** A text takes about 5 ms: more than this many rows do not fit into any sensible budget. */
const MAX_ROWS = 200;
const PRIORITY: Priority = 'query';

export function createOnDemandCoverage({
  store,
  embedding,
  currentModel,
  budgetMs,
  now = () => performance.now(),
}: OnDemandCoverageOptions): OnDemandCoverage {
  /** One text after the other, so that the budget is exceeded by one text at most. */
  async function embedInTurn(ids: readonly number[], forMs: number): Promise<{ ready: number; own: number }> {
    const deadline = now() + forMs;
    let ready = 0;
    let own = 0;
    for (const id of ids) {
      const waitMs = deadline - now();
      if (waitMs <= 0) break;
      const isShared = embedding.isPending(id);
      const outcome = await embedding.embedOnDemand(id, { priority: PRIORITY, waitMs });
      if (outcome.status === 'ready') {
        ready += 1;
        if (!isShared && outcome.origin !== 'stored') own += 1;
      } else if (outcome.status !== 'gone' && !isOfThisText(outcome.reason)) break;
    }
    return { ready, own };
  }

  return {
    async count(filters) {
      return { ...(await store.countMatches(filters, currentModel.version())), toppedUp: 0 };
    },
    async run(filters, hints, preferred) {
      const modelVersion = currentModel.version();
      const before = await store.countMatches(filters, modelVersion);
      const missing = before.eligible - before.embedded;
      const forMs = budgetMs();
      // The filter asks for rows without a vector: embedding them would remove them.
      if (forMs === 0 || missing <= 0 || filters.embedded === false) return { ...before, toppedUp: 0 };
      const listUntil = now() + forMs;
      const ids = new Set<number>();
      for (const own of preferred ? [preferred, filters] : [filters]) {
        const limit = Math.min(MAX_ROWS, missing) - ids.size;
        if (limit <= 0) break;
        const request = { filters: own, hints, modelVersion, limit, isOver: () => now() > listUntil };
        for (const id of await store.listCandidates(request)) ids.add(id);
      }
      const { ready, own } = await embedInTurn([...ids], forMs);
      return { eligible: before.eligible, embedded: before.embedded + ready, toppedUp: own };
    },
  };
}

/** Any other reason would also reject the next rows. */
const isOfThisText = (reason: string) => (textFailureCodes as ReadonlySet<string>).has(reason);
