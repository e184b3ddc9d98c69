/** Turns likes and dislikes into vectors, embedding the restaurants that have none. */
import type { CurrentModel } from '../embedding/current-model.ts';
import type { EmbedOutcome, LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { likeWeight, preferenceOf, type Taste } from './taste.ts';

export interface Like {
  readonly id: number;
  /** Given by the user, 0–5. Below 2.5 it is a dislike; from 2.5 to 3.5 it is ignored. */
  readonly rating?: number | undefined;
  /** When, ms since the epoch. */
  readonly at?: number | undefined;
}

export interface KnownTaste {
  readonly taste: Taste;
  /** Likes and dislikes without a vector. */
  readonly leftOut: readonly number[];
  /** Why the first of them has none. */
  readonly reason?: string;
}

export interface TasteDependencies {
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly currentModel: CurrentModel;
  readonly embedWaitMs: number;
  readonly now?: () => number;
}

const none: KnownTaste = { taste: { liked: [], disliked: [] }, leftOut: [] };

/** Without a like dislikes have no effect, so nothing is embedded. */
export async function readTaste(
  { embeddings, embedding, currentModel, embedWaitMs, now = Date.now }: TasteDependencies,
  given: { readonly likes: readonly Like[]; readonly dislikes: readonly number[] },
): Promise<KnownTaste> {
  const likes = mergeLikes(given.likes);
  const liked = likes.filter(({ rating }) => preferenceOf(rating) === 'like');
  if (liked.length === 0) return none;
  const disliked = likes.filter(({ rating }) => preferenceOf(rating) === 'dislike').map(({ id }) => id);
  const weights = new Map([
    ...liked.map(({ id, rating, at }) => [id, likeWeight(rating, at, now())] as const),
    ...[...disliked, ...given.dislikes].map((id) => [id, undefined] as const),
  ]);
  // One after the other, and none after one that has to wait, so that a request has at most one text in the queue.
  const deadline = performance.now() + embedWaitMs;
  let pending: EmbedOutcome | undefined;
  const found = [];
  for (const [id, weight] of weights) {
    const waitMs = deadline - performance.now();
    const outcome = pending ?? (await embedding.embedOnDemand(id, { priority: 'query', waitMs }));
    if (outcome.status === 'pending') pending = outcome;
    found.push({ id, weight, outcome, vector: await embeddings.findVector(id, currentModel.version()) });
  }
  const left = found.filter(({ vector }) => !vector);
  const outcome = left[0]?.outcome;
  return {
    taste: {
      liked: found.flatMap(({ id, weight, vector }) =>
        vector && weight !== undefined ? [{ id, vector, weight }] : [],
      ),
      disliked: found.flatMap(({ weight, vector }) => (vector && weight === undefined ? [vector] : [])),
    },
    leftOut: left.map(({ id }) => id),
    ...(outcome && { reason: 'reason' in outcome ? outcome.reason : 'in-progress' }),
  };
}

/** A restaurant that is liked more than once counts once, with its latest like. */
function mergeLikes(likes: readonly Like[]): Like[] {
  const merged = new Map<number, Like>();
  for (const like of likes) {
    const earlier = merged.get(like.id);
    if (!earlier || (like.at ?? Infinity) >= (earlier.at ?? Infinity)) merged.set(like.id, like);
  }
  return [...merged.values()];
}
