/** Caches expensive reads until something is written, by this process or another. */
import { LRUCache } from 'lru-cache';
import type { DataVersion } from './data-version.ts';

export interface DataVersionCache<Value> {
  /** The cached result of this key if the data is unchanged, otherwise that of `read`. */
  read(key: string, read: () => Value): Value;
  /** Whether there is a result of this key, possibly an outdated one. */
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
