/** The vectors of search queries: single flight, and a small cache. They are never stored. */
import type { Embedder } from '../embedding/embedder.ts';

export interface QueryVectors {
  /** float32[dimensions], unit length, made by the model in use when it resolves. Rejects with an `EmbeddingError`. */
  of(query: string): Promise<Float32Array>;
  /** Forgets every query; gives the bytes of their vectors. */
  clear(): number;
}

/** Of a vector with its key, about. */
const BYTES_PER_QUERY = 1_800;
const MAX_QUERIES = 200;

/** `generation` tells vectors of one model from those of another: a query's vector is used within its own only. */
export function createQueryVectors(embedder: Embedder, generation: () => number): QueryVectors {
  const cache = new Map<string, Promise<Float32Array>>();

  function cached(key: string, text: string): Promise<Float32Array> {
    const known = cache.get(key);
    if (known) cache.delete(key);
    const vector = known ?? embedder.embed(text, 'query').vector;
    // The most recent last: the first one is what has not been asked for the longest.
    cache.set(key, vector);
    if (!known) void vector.catch(() => cache.get(key) === vector && cache.delete(key));
    const [oldest] = cache.keys();
    if (cache.size > MAX_QUERIES && oldest !== undefined) cache.delete(oldest);
    return vector;
  }

  return {
    async of(query) {
      const text = query.trim().replace(/\s+/g, ' ').toLowerCase();
      for (;;) {
        const own = generation();
        const vector = await cached(`${own} ${text}`, text);
        // Starting the model's process may have found another model in the folder.
        if (generation() === own) return vector;
      }
    },
    clear() {
      const bytes = cache.size * BYTES_PER_QUERY;
      cache.clear();
      return bytes;
    },
  };
}
