/** Keeps the result of a long read until something is written, here or by another process. */
import type { Database } from 'better-sqlite3';
import { createDataVersion } from './data-version.ts';

/** Returns `read` with a memory of its last result, which holds for the same arguments and data. */
export function cacheByDataVersion<Arguments extends readonly (string | number)[], Value>(
  database: Database,
  read: (...given: Arguments) => Value,
): (...given: Arguments) => Value {
  const dataVersion = createDataVersion(database);
  let kept: { readonly key: string; readonly value: Value } | undefined;
  return (...given) => {
    const key = [dataVersion(), ...given].join(' ');
    if (kept?.key !== key) kept = { key, value: read(...given) };
    return kept.value;
  };
}
