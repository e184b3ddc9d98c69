/** Embedding on demand: a restaurant's vector is made by the first read that needs it, once. */
import type { Restaurant } from '../catalog/restaurant.ts';
import { backOffMs, isTooEarly } from './back-off.ts';
import type { MutableCurrentModel } from './current-model.ts';
import type { Embedder, InferenceTiming, Priority } from './embedder.ts';
import {
  EmbeddingError,
  transientCodes,
  textFailureCodes,
  type EmbeddingErrorCode,
} from './embedding-error.ts';
import type { EmbeddingSource, EmbeddingStore, NewVector, SavedVector } from './embedding-store.ts';
import { embeddingText, hashText } from './embedding-text.ts';
import { createInFlightTexts, type TextVector, type VectorOrigin } from './in-flight-texts.ts';
import { within } from './wait-at-most.ts';

export type EmbedOutcome =
  /** The vector exists already. */
  | { readonly status: 'ready'; readonly origin: 'stored' }
  /** The vector was stored now. */
  | {
      readonly status: 'ready';
      readonly origin: VectorOrigin;
      readonly saved: SavedVector;
      /** Undefined when no inference was made for this read. */
      readonly timing?: EmbeddingTiming | undefined;
    }
  | { readonly status: 'pending' | 'failed'; readonly reason: EmbeddingErrorCode | 'in-progress' }
  /** There is no such restaurant. */
  | { readonly status: 'gone' };

export interface EmbeddingTiming extends InferenceTiming {
  readonly storeMs: number;
}

export interface EmbedRequest {
  readonly priority: Priority;
  /** How long the caller waits; past it the outcome is `pending` and the work goes on. */
  readonly waitMs?: number;
  /** The restaurant as the caller has just read it: it is not read a second time. */
  readonly restaurant?: Restaurant;
  /** The key of the client that asks, which bounds its share of the queue. */
  readonly client?: string | undefined;
}

export type EmbeddedEvent = { readonly restaurantId: number; readonly outcome: EmbedOutcome };

export interface LazyEmbedding {
  /**
   * Makes sure that the restaurant has a vector of its current text and the current model. An embedding that cannot
   * be made is an outcome with a reason. Rejects with a `StorageError` when the restaurant cannot be read.
   */
  embedOnDemand(restaurantId: number, request: EmbedRequest): Promise<EmbedOutcome>;
  /** True while the restaurant is being embedded or is queued for it. */
  isPending(restaurantId: number): boolean;
  /** The restaurants for which {@link isPending} is true. */
  pendingIds(): readonly number[];
  /** Callers that joined in-flight work, and vectors reused from an identical text. */
  statistics(): { readonly joins: number; readonly reuses: number };
}

export interface LazyEmbeddingOptions {
  readonly store: EmbeddingStore;
  readonly embedder: Pick<Embedder, 'embed'>;
  readonly currentModel: MutableCurrentModel;
  readonly onOutcome?: (event: EmbeddedEvent) => void;
  /** Called when a vector or a failure cannot be stored; the read is answered anyway. */
  readonly onStoreError?: (error: Error) => void;
  readonly now?: () => number;
}

interface InFlightRow {
  readonly outcome: Promise<EmbedOutcome>;
  textHash: string | undefined;
}

/** Edits of the text during one embedding, after which the row is left to the next read. */
const MAX_TEXT_CHANGES = 5;

export function createLazyEmbedding(options: LazyEmbeddingOptions): LazyEmbedding {
  const { store, embedder, currentModel, onOutcome, onStoreError = () => {}, now = Date.now } = options;
  const texts = createInFlightTexts(store, embedder, currentModel);
  const rows = new Map<number, InFlightRow>();
  let rowJoins = 0;
  let reuses = 0;

  async function save(vector: NewVector) {
    try {
      return await store.save(vector);
    } catch (error) {
      onStoreError(error as Error);
      throw new EmbeddingError('not-stored', (error as Error).message);
    }
  }

  async function embedSource(
    source: EmbeddingSource,
    request: EmbedRequest,
  ): Promise<EmbedOutcome | 'text-changed'> {
    const { restaurantId, text, textHash, failure } = source;
    const { priority, client } = request;
    if (failure && isTooEarly(failure.retryAt, now())) return { status: 'failed', reason: failure.reason };
    const use = async ({ timing, ...made }: TextVector): Promise<EmbedOutcome | 'text-changed'> => {
      const { vector, origin, modelVersion } = made;
      const madeAt = performance.now();
      const saved = await save({ restaurantId, textHash, vector, modelVersion });
      if (saved.status !== 'stored') return saved.status === 'gone' ? { status: 'gone' } : 'text-changed';
      if (origin === 'reused') reuses += 1;
      const storeMs = performance.now() - madeAt;
      return { status: 'ready', origin, saved, timing: timing && { ...timing, storeMs } };
    };
    try {
      return await texts.withVector({ text, textHash, priority, client }, use);
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
    request: EmbedRequest,
  ): Promise<EmbedOutcome> {
    let source = request.restaurant && sourceOf(request.restaurant);
    for (let change = 0; change < MAX_TEXT_CHANGES; change += 1) {
      source ??= await store.findSource(restaurantId, currentModel.version());
      if (!source) return { status: 'gone' };
      if (source.ready) return { status: 'ready', origin: 'stored' };
      entry.textHash = source.textHash;
      const outcome = await embedSource(source, request);
      if (outcome !== 'text-changed') return outcome;
      source = undefined;
    }
    return { status: 'pending', reason: 'in-progress' };
  }

  function startRow(restaurantId: number, request: EmbedRequest): InFlightRow {
    const run = async () => {
      try {
        const outcome = await embedRow(restaurantId, entry, request);
        // After the response has been written.
        if (onOutcome) setImmediate(onOutcome, { restaurantId, outcome });
        return outcome;
      } finally {
        rows.delete(restaurantId);
      }
    };
    const entry: InFlightRow = { outcome: Promise.resolve().then(run), textHash: undefined };
    entry.outcome.catch(() => {}); // Callers receive the rejection; without one it would be unhandled.
    rows.set(restaurantId, entry);
    return entry;
  }

  function joinRow(entry: InFlightRow, priority: Priority): InFlightRow {
    rowJoins += 1;
    if (entry.textHash !== undefined) texts.promote(entry.textHash, priority);
    return entry;
  }

  return {
    async embedOnDemand(restaurantId, request) {
      const known = rows.get(restaurantId);
      const entry = known ? joinRow(known, request.priority) : startRow(restaurantId, request);
      if (request.waitMs === undefined) return entry.outcome;
      return (await within(request.waitMs, entry.outcome)) ?? { status: 'pending', reason: 'in-progress' };
    },
    isPending: (restaurantId) => rows.has(restaurantId),
    pendingIds: () => [...rows.keys()],
    statistics: () => ({ joins: rowJoins + texts.joins, reuses }),
  };
}

/** Undefined when the restaurant alone is not enough: a failed one also has a time of retry. */
function sourceOf(restaurant: Restaurant): EmbeddingSource | undefined {
  const { id, embedding } = restaurant;
  if (embedding.status !== 'missing' && embedding.status !== 'stale') return undefined;
  const text = embeddingText(restaurant);
  return { restaurantId: id, text, textHash: hashText(text), ready: false, failure: undefined };
}
