/** The part of a search that needs the model: the query's vector, coverage on demand, and the nearest rows. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import { EmbeddingError, type EmbeddingErrorCode } from '../embedding/embedding-error.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import { within } from '../embedding/wait-at-most.ts';
import type { QueryVector, QueryVectors } from './query-vectors.ts';
import type { Coverage, OnDemandCoverage } from './on-demand-coverage.ts';
import type { NearestNeighbours, Neighbour } from './nearest-neighbours.ts';
import type { QueryAnalysis } from './query-analysis.ts';

export interface MeaningDependencies {
  readonly neighbours: Pick<NearestNeighbours, 'nearest' | 'scoreRows' | 'readVectors'>;
  readonly queryVectors: QueryVectors;
  readonly currentModel: CurrentModel;
  readonly onDemandCoverage: OnDemandCoverage;
  /** How long a search waits for the vector of its query, in ms. */
  readonly embedWaitMs: number;
  readonly memory: { isRefusing(): boolean };
}

export interface MeaningRequest {
  readonly analysis: QueryAnalysis;
  readonly filters: RestaurantFilters;
  /** Searched in addition to `filters`: its rows might not be among the nearest otherwise. */
  readonly preferred: RestaurantFilters | undefined;
  readonly limit: number;
  readonly excludedIds: readonly number[];
  /** Whether rows without a vector may be embedded for this answer. */
  readonly mayEmbed: boolean;
}

export type Meaning =
  | {
      readonly neighbours: readonly Neighbour[];
      /** Undefined when the query has no words. */
      readonly made: QueryVector | undefined;
      readonly coverage: Coverage;
    }
  /** The model could not be used, or not in time: nothing was found or embedded. */
  | { readonly reason: EmbeddingErrorCode | 'in-progress' };

export async function findByMeaning(
  dependencies: MeaningDependencies,
  { analysis, filters, preferred, limit, excludedIds, mayEmbed }: MeaningRequest,
): Promise<Meaning> {
  const { neighbours, queryVectors, currentModel, onDemandCoverage, embedWaitMs, memory } = dependencies;
  if (memory.isRefusing()) return { reason: 'memory' };
  const cover = () =>
    mayEmbed
      ? onDemandCoverage.run(filters, { terms: analysis.terms }, preferred)
      : onDemandCoverage.count(filters);
  if (analysis.meaningText === '') return { neighbours: [], made: undefined, coverage: await cover() };
  const vectorOf = () => within(embedWaitMs, queryVectors.of(analysis.meaningText, analysis.meaningHint));
  try {
    let made = await vectorOf();
    if (!made) return { reason: 'in-progress' };
    const coverage = await cover();
    // The model may have been replaced meanwhile.
    if (made.modelVersion.id !== currentModel.version()?.id) made = await vectorOf();
    if (!made) return { reason: 'in-progress' };
    const found = new Map<number, Neighbour>();
    for (const own of preferred ? [preferred, filters] : [filters]) {
      const near = await neighbours.nearest({ ...made, limit, filters: own, excludedIds });
      for (const neighbour of near) found.set(neighbour.id, neighbour);
    }
    return { neighbours: [...found.values()], made, coverage };
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    return { reason: error.code };
  }
}
