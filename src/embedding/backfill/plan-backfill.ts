/** What a backfill embeds next, in the order of demand. */
import type { StoredModelVersion } from '../../catalog/model-version.ts';
import type { EmbeddingStore, UnembeddedRow } from '../embedding-store.ts';

export interface BackfillPlan {
  /** At most {@link PLAN_ROWS}: most viewed first, then rows of a cuisine and place that are viewed, then lowest id. */
  readonly ids: readonly number[];
  /** How many there are in the whole catalogue. */
  readonly left: number;
}

/** Enough for half a minute of work, so that walking the catalogue costs little; few enough for a small machine. */
const PLAN_ROWS = 5_000;

/** Walks the whole catalogue once, in short steps. `leftOut` are rows that have had their try. */
export async function planBackfill(
  store: Pick<EmbeddingStore, 'walkUnembedded'>,
  modelVersion: StoredModelVersion | undefined,
  leftOut: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<BackfillPlan> {
  let left = 0;
  let viewed: UnembeddedRow[] = [];
  /** By demandScore with what is viewed: none, cuisine or place, both. */
  const others: [number[], number[], number[]] = [[], [], []];

  for await (const rows of store.walkUnembedded(modelVersion)) {
    if (signal.aborted) break;
    for (const row of rows) {
      if (leftOut.has(row.restaurantId)) continue;
      left += 1;
      const lane = others[row.demandScore] ?? others[0];
      if (row.viewCount > 0) viewed.push(row);
      else if (lane.length < PLAN_ROWS) lane.push(row.restaurantId);
    }
    if (viewed.length > 2 * PLAN_ROWS) viewed = mostViewed(viewed);
  }
  const ids = [...mostViewed(viewed).map(({ restaurantId }) => restaurantId), ...others[2], ...others[1]];
  return { ids: [...ids, ...others[0]].slice(0, PLAN_ROWS), left };
}

/** Sorting is stable: among equals the lowest id comes first. */
function mostViewed(rows: readonly UnembeddedRow[]): UnembeddedRow[] {
  return rows.toSorted((a, b) => b.viewCount - a.viewCount).slice(0, PLAN_ROWS);
}
