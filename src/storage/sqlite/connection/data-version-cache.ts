/** Keeps the results of long reads until something is written, here or by another process. */
import { LRUCache } from 'lru-cache';
import type { DataVersion } from './data-version.ts';

export interface DataVersionCache<Value> {
  /** The kept result for this key if the data is still the same, else that of `read`. */
  read(key: string, read: () => Value): Value;
  /** Whether there is a result for this key, though it may be of earlier data. */
  has(key: string): boolean;
}

export function createDataVersionCache<Value>(
  dataVersion: DataVersion,
  { max }: { readonly max: number },
): DataVersionCache<Value> {
  const cache = new LRUCache<string, { readonly version: string; readonly value: Value }>({ max });
  return {
    read(key, read) {
      const version = dataVersion.read();
      const kept = cache.get(key);
      if (kept?.version === version) return kept.value;
      const value = read();
      cache.set(key, { version, value });
      return value;
    },
    has: (key) => cache.has(key),
  };
}
