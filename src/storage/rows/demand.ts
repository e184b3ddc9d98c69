/** Which rows without a vector a backfill should embed first. */
import type { UnembeddedRow } from '../../embedding/embedding-store.ts';

/** Number of most viewed rows whose cuisines and places count as in demand. */
export const DEMAND_ROWS = 1_000;

export interface ViewedRow {
  readonly cuisine: string | null;
  readonly location: string | null;
}

export interface WalkedRow extends ViewedRow {
  readonly restaurantId: number;
  readonly viewCount: number;
}

/** `mostViewed` are the cuisines and locations of the {@link DEMAND_ROWS} most viewed rows, folded. */
export function createDemand(mostViewed: readonly ViewedRow[]): (row: WalkedRow) => UnembeddedRow {
  const cuisines = new Set(mostViewed.map(({ cuisine }) => cuisine));
  const locations = new Set(mostViewed.map(({ location }) => location));
  return ({ restaurantId, viewCount, cuisine, location }) => ({
    restaurantId,
    viewCount,
    demandScore: isWanted(cuisines, cuisine) + isWanted(locations, location),
  });
}

const isWanted = (wanted: ReadonlySet<string | null>, value: string | null): number =>
  value !== null && wanted.has(value) ? 1 : 0;
