/** The port through which whoever keeps a copy of the catalogue learns what has changed. */

export const changeKinds = ['created', 'updated', 'deleted', 'embedded'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface Change {
  readonly restaurantId: number;
  readonly kind: ChangeKind;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Opaque text of digits: the position after the last of them. */
  readonly next: string;
}

export interface ChangeLog {
  /**
   * Changes after a position (`'0'`: from the beginning), oldest first. Of several changes of one kind to one
   * restaurant only the latest is listed; a deletion replaces all that was before it. A change that is committed later
   * never has an earlier position than one that was listed: reading on from `next` misses nothing.
   */
  list(after: string, limit: number): Promise<ChangePage>;
}
