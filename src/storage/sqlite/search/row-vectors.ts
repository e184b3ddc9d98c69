/** Vectors of given rows: the parts of the NearestNeighbours port that need no index. */
import type { NearestNeighbours } from '../../../search/nearest-neighbours.ts';
import type { CurrentVectors } from './current-vectors.ts';

export function createRowVectors(
  vectors: CurrentVectors,
): Pick<NearestNeighbours, 'scoreRows' | 'readVectors'> {
  const current = (...[version, ids]: Parameters<CurrentVectors['read']>) =>
    vectors.allowedAmong(version, ids, {});
  return {
    async scoreRows({ vector, ids, modelVersion }) {
      return vectors.score(modelVersion, vector, current(modelVersion, ids));
    },
    async readVectors(ids, modelVersion) {
      const found = vectors.read(modelVersion, current(modelVersion, ids));
      return new Map(found.map(({ id, vector }) => [id, vector]));
    },
  };
}
