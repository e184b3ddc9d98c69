/** Preconditions of a write. */
import { CatalogError } from './catalog-error.ts';
import type { Restaurant } from './restaurant.ts';

/** A version of a row that the client has read. `createdAtMs` distinguishes it from an earlier row with the same id. */
export interface SeenRow {
  readonly createdAtMs: number;
  readonly version: number;
}

/** `*` matches every existing row. */
export type RowSelector = '*' | readonly SeenRow[];

/** A condition that is left out is not checked. */
export interface WriteCondition {
  /** The row must exist and be one of these. */
  readonly match?: RowSelector | undefined;
  /** The row must not exist, or be none of these. */
  readonly noneMatch?: RowSelector | undefined;
}

function isFulfilled(
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

/** Throws `version-mismatch` unless the condition holds for the row; `current` is undefined if it does not exist. */
export function checkCondition(current: Restaurant | undefined, condition: WriteCondition): void {
  if (isFulfilled(condition, current)) return;
  throw new CatalogError(
    'version-mismatch',
    current
      ? `There is a restaurant with this id, at version ${current.version}, and it is not what the request expects: ` +
          'read it again and repeat the change.'
      : 'There is no restaurant with this id, and the request expects one.',
  );
}
