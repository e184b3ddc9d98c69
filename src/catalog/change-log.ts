/** The port that lists changes, for clients that keep a copy of the catalogue. */

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
  /** The position after the last change: digits, opaque to clients. */
  readonly next: string;
}

export interface ChangeLog {
  /**
   * Changes after a position (`'0'`: from the beginning), oldest first. Of several changes of one kind to one
   * restaurant only the latest is listed; a deletion replaces all earlier ones. Positions ascend in the order of
   * commits, so a client that continues from `next` misses nothing.
   */
  list(after: string, limit: number): Promise<ChangePage>;
}
