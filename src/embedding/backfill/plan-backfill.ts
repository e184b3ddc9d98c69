/** What a backfill embeds, in the order of demand. */
import type { StoredModelVersion } from '../../catalog/model-version.ts';
import type { EmbeddingStore, UnembeddedRow } from '../embedding-store.ts';

/**
 * Walks the catalogue once, in short steps. Resolves with the ids of all rows that are to be embedded: the most viewed
 * first, then rows whose cuisine or place is viewed, then by id. Demand is measured once, as rows viewed during the run
 * are embedded by their reads. `leftOut` are rows that this run has already tried.
 *
 * The whole plan is kept in memory, 8 bytes a row, so that a run needs one walk.
 */
export async function planBackfill(
  store: Pick<EmbeddingStore, 'walkUnembedded'>,
  modelVersion: StoredModelVersion | undefined,
  leftOut: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const viewed: UnembeddedRow[] = [];
  /** By demandScore: neither cuisine nor place is viewed, one of them, both. */
  const others: [number[], number[], number[]] = [[], [], []];

  for await (const rows of store.walkUnembedded(modelVersion)) {
    if (signal.aborted) break;
    for (const row of rows) {
      if (leftOut.has(row.restaurantId)) continue;
      if (row.viewCount > 0) viewed.push(row);
      else (others[row.demandScore] ?? others[0]).push(row.restaurantId);
    }
  }
  // Sorting is stable: among equals the lowest id comes first.
  const mostViewed = viewed.sort((a, b) => b.viewCount - a.viewCount).map(({ restaurantId }) => restaurantId);
  return mostViewed.concat(others[2], others[1], others[0]);
}
