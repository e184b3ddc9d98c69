/** Classifies the similarity of two restaurants relative to the catalogue. */
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { StoredModelVersion } from '../../catalog/model-version.ts';
import type { EmbeddingStore } from '../../embedding/embedding-store.ts';

export type Closeness = 'very' | 'fairly' | 'loosely';

/** Mean and standard deviation of the cosine of two random restaurants. */
export interface ClosenessScale {
  readonly mean: number;
  readonly deviation: number;
}

/** Measured on the sample catalogue with the bilingual model; used while few vectors exist. */
const FALLBACK: ClosenessScale = { mean: 0.3, deviation: 0.12 };
const SAMPLE = 24;
const MIN_SAMPLE = 8;
const KEPT_MS = 60_000;
/** Standard deviations above the mean: of normally distributed pairs 0.6 % are above the first, 7 % above the second. */
const VERY = 2.5;
const FAIRLY = 1.5;

export function closenessOf(cosine: number, { mean, deviation }: ClosenessScale): Closeness {
  const deviations = (cosine - mean) / deviation;
  return deviations >= VERY ? 'very' : deviations >= FAIRLY ? 'fairly' : 'loosely';
}

function scaleOf(vectors: readonly Float32Array[]): ClosenessScale {
  const cosines: number[] = [];
  for (const [index, one] of vectors.entries()) {
    for (const other of vectors.slice(index + 1)) {
      cosines.push(one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0));
    }
  }
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  const variance = cosines.reduce((sum, cosine) => sum + (cosine - mean) ** 2, 0) / cosines.length;
  return { mean, deviation: Math.max(0.01, Math.sqrt(variance)) };
}

/** Estimates the scale from the vectors of {@link SAMPLE} restaurants, at most once a minute. */
export function createClosenessScale({
  restaurants,
  embeddings,
}: {
  readonly restaurants: Pick<RestaurantStore, 'list'>;
  readonly embeddings: Pick<EmbeddingStore, 'findVector'>;
}) {
  let kept: { readonly at: number; readonly versionId: number; readonly scale: ClosenessScale } | undefined;

  return async (modelVersion: StoredModelVersion | undefined): Promise<ClosenessScale> => {
    if (!modelVersion) return FALLBACK;
    if (kept?.versionId === modelVersion.id && performance.now() - kept.at < KEPT_MS) return kept.scale;
    // Names are independent of cuisines, so the first by name are a sample.
    const page = await restaurants.list({
      filters: { embedded: true },
      sort: 'name',
      limit: SAMPLE,
      modelVersion,
    });
    const found = await Promise.all(page.items.map(({ id }) => embeddings.findVector(id, modelVersion)));
    const vectors = found.filter((vector) => vector !== undefined);
    if (vectors.length < MIN_SAMPLE) return FALLBACK;
    kept = { at: performance.now(), versionId: modelVersion.id, scale: scaleOf(vectors) };
    return kept.scale;
  };
}
