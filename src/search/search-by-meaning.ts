/** The part of a search that needs the model: the query's vector, top-up, and the nearest rows. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import { EmbeddingError, type EmbeddingErrorCode } from '../embedding/embedding-error.ts';
import { within } from '../embedding/wait-at-most.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { Coverage, OnDemandCoverage } from './on-demand-coverage.ts';
import type { NearestNeighbours, Neighbour } from './nearest-neighbours.ts';

export interface MeaningDependencies {
  readonly neighbours: Pick<NearestNeighbours, 'nearest'>;
  readonly queryVectors: QueryVectors;
  readonly onDemandCoverage: OnDemandCoverage;
  /** How long a search waits for the vector of its query, in ms. */
  readonly embedWaitMs: number;
  readonly memory: { isRefusing(): boolean };
}

export type Meaning =
  | { readonly neighbours: readonly Neighbour[]; readonly coverage: Coverage }
  /** The model could not be used, or not in time: nothing was found or embedded. */
  | { readonly reason: EmbeddingErrorCode | 'in-progress' };

export async function findByMeaning(
  { neighbours, queryVectors, onDemandCoverage, embedWaitMs, memory }: MeaningDependencies,
  query: string,
  filters: RestaurantFilters,
  limit: number,
): Promise<Meaning> {
  if (memory.isRefusing()) return { reason: 'memory' };
  if (query.trim() === '')
    return { neighbours: [], coverage: await onDemandCoverage.run(filters, { query }) };
  try {
    if (!(await within(embedWaitMs, queryVectors.of(query)))) return { reason: 'in-progress' };
    const coverage = await onDemandCoverage.run(filters, { query });
    // From the cache, unless the model has been exchanged meanwhile.
    const made = await within(embedWaitMs, queryVectors.of(query));
    if (!made) return { reason: 'in-progress' };
    return { neighbours: await neighbours.nearest({ ...made, limit, filters, excludedIds: [] }), coverage };
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    return { reason: error.code };
  }
}
