/** Keeps what took long to read until something is written, here or by another process. */
import type { Database } from 'better-sqlite3';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';
import { createDataVersion } from './data-version.ts';

/** Gives `read` with a memory of its last answer, which holds for the same arguments, data and generation. */
export function cacheByDataVersion<Arguments extends readonly (string | number)[], Value>(
  database: Database,
  current: CurrentGeneration,
  read: (...given: Arguments) => Value,
): (...given: Arguments) => Value {
  const stateOfData = createDataVersion(database, current);
  let kept: { readonly state: string; readonly value: Value } | undefined;
  return (...given) => {
    const state = [stateOfData(), ...given].join(' ');
    if (kept?.state !== state) kept = { state, value: read(...given) };
    return kept.value;
  };
}
