/** Preconditions of a write. */
import type { Restaurant } from './restaurant.ts';

/** A row as its writer saw it. `createdAtMs` tells it from an earlier row that had the same id. */
export interface SeenRow {
  readonly createdAtMs: number;
  readonly version: number;
}

/** `*` is any row there is. */
export type RowSelector = '*' | readonly SeenRow[];

/** A part that is left out is not checked. */
export interface WriteCondition {
  /** There is a row, and it is one of these. */
  readonly match?: RowSelector | undefined;
  /** There is no row, or it is none of these. */
  readonly noneMatch?: RowSelector | undefined;
}

export function isFulfilled(
  { match, noneMatch }: WriteCondition,
  current: Pick<Restaurant, 'createdAt' | 'version'> | undefined,
): boolean {
  const isSelected = (rows: RowSelector) =>
    current !== undefined &&
    (rows === '*' ||
      rows.some(
        (row) => row.version === current.version && row.createdAtMs === Date.parse(current.createdAt),
      ));
  return (match === undefined || isSelected(match)) && (noneMatch === undefined || !isSelected(noneMatch));
}
