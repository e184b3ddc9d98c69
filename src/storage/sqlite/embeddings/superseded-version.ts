/** Drops the vectors of the earlier version once those of the version in use cover them. */
import type { Database } from 'better-sqlite3';
import { dropVersion, listVectorTables } from './drop-versions.ts';

export interface SupersededVersion {
  /** To be called after a vector was stored. */
  noteSaved(versionId: number): void;
}

/** Rows read between two turns of the event loop: about 1 ms. */
const SLICE = 200;

interface Walk {
  readonly versionId: number;
  readonly earlierId: number;
  /** Every row of the earlier version up to this id is covered and stays covered. */
  coveredTo: number;
  isScheduled: boolean;
}

/**
 * Walks the rows of the earlier version by id, as far as the one in use covers them. Only for the process that holds
 * the model, as others may be using the earlier version. `beforeDrop` is called before a write that touches every row
 * of a version.
 */
export function createSupersededVersion(database: Database, beforeDrop: () => void): SupersededVersion {
  const selectNext = database
    .prepare(
      `SELECT restaurant_id FROM embeddings WHERE model_version_id = ? AND restaurant_id > ?
       ORDER BY restaurant_id LIMIT 1`,
    )
    .pluck();
  const hasVector = database
    .prepare('SELECT 1 FROM embeddings WHERE restaurant_id = ? AND model_version_id = ?')
    .pluck();
  let knownVersionId: number | undefined;
  let walk: Walk | undefined;

  function startWalk(versionId: number): Walk | undefined {
    const earlierId = listVectorTables(database).findLast((id) => id !== versionId);
    return earlierId === undefined ? undefined : { versionId, earlierId, coveredTo: 0, isScheduled: false };
  }

  function drop({ earlierId }: Walk): void {
    walk = undefined;
    beforeDrop();
    database.transaction(dropVersion).immediate(database, earlierId);
  }

  /** Stops at the first row that is not covered; the walk continues with the save that covers it. */
  function walkOn(own: Walk): void {
    own.isScheduled = false;
    if (!database.open || walk !== own) return;
    for (let row = 0; row < SLICE; row += 1) {
      const next = selectNext.get(own.earlierId, own.coveredTo) as number | undefined;
      if (next === undefined) return drop(own);
      if (hasVector.get(next, own.versionId) === undefined) return;
      own.coveredTo = next;
    }
    schedule(own);
  }

  function schedule(own: Walk): void {
    if (own.isScheduled) return;
    own.isScheduled = true;
    setImmediate(() => {
      try {
        walkOn(own);
      } catch {
        walk = undefined; // The disk is full or the database is locked: the next start tries again.
      }
    });
  }

  return {
    noteSaved(versionId) {
      if (knownVersionId !== versionId) walk = startWalk(versionId);
      knownVersionId = versionId;
      if (walk) schedule(walk);
    },
  };
}
