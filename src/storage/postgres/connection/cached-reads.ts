/** Caches expensive reads until the catalogue changes, in this process or another. */
import type { Queries } from './database.ts';

/** `keepMs` says how long an answer may be given although something has been written, in ms: by default not at all. */
export type CachedReads = <Arguments extends readonly (string | number)[], Value>(
  read: (...given: Arguments) => Promise<Value>,
  keepMs?: (value: Value) => number,
) => (...given: Arguments) => Promise<Value>;

/**
 * Triggers count the writes to restaurants, embeddings and failures in a sequence, which other transactions see before
 * the write is committed. The snapshot shows whether such a transaction is open: `xmin:xmax:` without a list means
 * that there is none.
 */
interface CatalogueState {
  readonly version: number;
  readonly snapshot: string;
}

const isSettled = ({ snapshot }: CatalogueState) => {
  const [xmin, xmax] = snapshot.split(':');
  return xmin === xmax;
};

const isUnchanged = (before: CatalogueState, now: CatalogueState) =>
  before.version === now.version && (isSettled(before) || before.snapshot === now.snapshot);

/** Caches the last result of each `read`, for the same arguments and an unchanged catalogue. */
export function createCachedReads(queries: Queries): CachedReads {
  async function readState(): Promise<CatalogueState> {
    const state = await queries.row<CatalogueState>(
      'SELECT last_value AS version, pg_current_snapshot()::text AS snapshot FROM catalogue_version',
    );
    return state ?? { version: -1, snapshot: '' };
  }

  return (read, keepMs = () => 0) => {
    type Value = Awaited<ReturnType<typeof read>>;
    interface Kept {
      readonly key: string;
      readonly state: CatalogueState;
      readonly value: Value;
      readonly until: number;
    }
    let kept: Kept | undefined;
    return async (...given) => {
      const key = given.join(' ');
      if (kept?.key === key && performance.now() < kept.until) return kept.value;
      const state = await readState();
      if (kept?.key === key && isUnchanged(kept.state, state)) return kept.value;
      const value = await read(...given);
      kept = { key, state, value, until: performance.now() + keepMs(value) };
      return value;
    };
  };
}
