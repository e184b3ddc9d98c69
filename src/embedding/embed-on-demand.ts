/** Lazy embedding: a restaurant's vector is made by the first read that needs it, once. */
import { backOffMs, isTooEarly } from './back-off.ts';
import {
  EmbeddingError,
  transientCodes,
  textFailureCodes,
  type EmbeddingErrorCode,
} from './embedding-error.ts';
import type { Embedder, Priority } from './embedder.ts';
import type { CurrentModel } from './current-model.ts';
import type { EmbeddingSource, EmbeddingStore } from './embedding-store.ts';
import { createInFlightTexts, type InferenceTiming, type VectorOrigin } from './in-flight-texts.ts';
import { within } from './wait-at-most.ts';

export type EmbedOutcome =
  | {
      readonly status: 'ready';
      readonly origin: 'stored' | VectorOrigin;
      /** Of a vector that was made now. */
      readonly timing?: EmbeddingTiming | undefined;
    }
  | { readonly status: 'pending' | 'failed'; readonly reason: EmbeddingErrorCode | 'in-progress' }
  | { readonly status: 'gone' };

export interface EmbeddingTiming extends InferenceTiming {
  readonly storeMs: number;
}

export interface EmbedRequest {
  readonly priority: Priority;
  /** How long the caller waits; past it the outcome is `pending` and the work goes on. */
  readonly waitMs?: number;
}

export type EmbeddedEvent = { readonly restaurantId: number; readonly outcome: EmbedOutcome };

export interface LazyEmbedding {
  /**
   * Makes sure that the restaurant has a vector of its current text and the current model.
   * Never throws for an embedding that cannot be made: the outcome says why.
   */
  embedOnDemand(restaurantId: number, request: EmbedRequest): Promise<EmbedOutcome>;
  /** True while the restaurant is being embedded or waits for it. */
  isPending(restaurantId: number): boolean;
  /** The restaurants of which {@link isPending} is true. */
  pendingIds(): readonly number[];
  /** Callers that shared the work of another, and vectors taken over from an identical text. */
  statistics(): { readonly joins: number; readonly reuses: number };
}

export interface LazyEmbeddingOptions {
  readonly store: EmbeddingStore;
  readonly embedder: Pick<Embedder, 'embed'>;
  readonly currentModel: CurrentModel;
  readonly onOutcome?: (event: EmbeddedEvent) => void;
  /** Told when the database cannot take a vector or a failure; the read is answered all the same. */
  readonly onStoreError?: (error: Error) => void;
  readonly now?: () => number;
}

interface InFlightRow {
  readonly outcome: Promise<EmbedOutcome>;
  textHash: string | undefined;
}

/** Edits that arrive faster than the model runs are chased this often before the row is left to the next read. */
const MAX_TEXT_CHANGES = 5;

export function createLazyEmbedding(options: LazyEmbeddingOptions): LazyEmbedding {
  const { store, embedder, currentModel, onOutcome, onStoreError = () => {}, now = Date.now } = options;
  const texts = createInFlightTexts(store, embedder, currentModel);
  const rows = new Map<number, InFlightRow>();
  let rowJoins = 0;
  let reuses = 0;

  async function save(embedding: Parameters<EmbeddingStore['save']>[0]) {
    try {
      return await store.save(embedding);
    } catch (error) {
      onStoreError(error as Error);
      throw new EmbeddingError('not-stored', (error as Error).message);
    }
  }

  async function embedSource(
    source: EmbeddingSource,
    priority: Priority,
  ): Promise<EmbedOutcome | 'text-changed'> {
    const { restaurantId, textHash, failure } = source;
    if (failure && isTooEarly(failure.retryAt, now())) {
      return { status: 'failed', reason: failure.reason };
    }
    try {
      return await texts.withVector(source, priority, async ({ vector, origin, modelVersion, timing }) => {
        const madeAt = performance.now();
        const saved = await save({ restaurantId, textHash, vector, modelVersion });
        if (saved === 'text-changed') return saved;
        if (saved === 'gone') return { status: 'gone' };
        if (origin === 'reused') reuses += 1;
        return {
          status: 'ready',
          origin,
          timing: timing && { ...timing, storeMs: performance.now() - madeAt },
        };
      });
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      if (textFailureCodes.has(error.code)) await recordFailure(source, error).catch(onStoreError);
      return { status: transientCodes.has(error.code) ? 'pending' : 'failed', reason: error.code };
    }
  }

  async function recordFailure({ restaurantId, textHash, failure }: EmbeddingSource, error: EmbeddingError) {
    const attempts = (failure?.attempts ?? 0) + 1;
    const recorded = {
      reason: error.code,
      detail: error.message,
      attempts,
      failedAt: new Date(now()).toISOString(),
      retryAt: new Date(now() + backOffMs(attempts)).toISOString(),
    };
    await store.recordFailure(restaurantId, textHash, recorded, currentModel.version());
  }

  async function embedRow(
    restaurantId: number,
    entry: InFlightRow,
    priority: Priority,
  ): Promise<EmbedOutcome> {
    for (let change = 0; change < MAX_TEXT_CHANGES; change += 1) {
      const source = await store.findSource(restaurantId, currentModel.version());
      if (!source) return { status: 'gone' };
      if (source.ready) return { status: 'ready', origin: 'stored' };
      entry.textHash = source.textHash;
      const outcome = await embedSource(source, priority);
      if (outcome !== 'text-changed') return outcome;
    }
    return { status: 'pending', reason: 'in-progress' };
  }

  function startRow(restaurantId: number, priority: Priority): InFlightRow {
    const fly = async () => {
      try {
        const outcome = await embedRow(restaurantId, entry, priority);
        onOutcome?.({ restaurantId, outcome });
        return outcome;
      } finally {
        rows.delete(restaurantId);
      }
    };
    const entry: InFlightRow = { outcome: Promise.resolve().then(fly), textHash: undefined };
    entry.outcome.catch(() => {}); // The waiting caller sees it; without one there is nobody to tell.
    rows.set(restaurantId, entry);
    return entry;
  }

  function joinRow(entry: InFlightRow, priority: Priority): InFlightRow {
    rowJoins += 1;
    if (entry.textHash !== undefined) texts.promote(entry.textHash, priority);
    return entry;
  }

  return {
    async embedOnDemand(restaurantId, { priority, waitMs }) {
      const known = rows.get(restaurantId);
      const entry = known ? joinRow(known, priority) : startRow(restaurantId, priority);
      if (waitMs === undefined) return entry.outcome;
      return (await within(waitMs, entry.outcome)) ?? { status: 'pending', reason: 'in-progress' };
    },
    isPending: (restaurantId) => rows.has(restaurantId),
    pendingIds: () => [...rows.keys()],
    statistics: () => ({ joins: rowJoins + texts.joins, reuses }),
  };
}
