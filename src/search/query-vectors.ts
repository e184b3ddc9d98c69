/** The vectors of search queries: single flight, and a small cache. They are never stored. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { MutableCurrentModel } from '../embedding/current-model.ts';
import type { Embedder } from '../embedding/embedder.ts';

export interface QueryVector {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  /** The version that made it. */
  readonly modelVersion: StoredModelVersion;
}

export interface QueryVectors {
  /** Made by the model version in use when it resolves. Rejects with an `EmbeddingError`. */
  of(query: string): Promise<QueryVector>;
  /** Forgets every query; gives the bytes of their vectors. */
  clear(): number;
}

/** Of a vector with its key, about. */
const BYTES_PER_QUERY = 1_800;
const MAX_QUERIES = 200;

export function createQueryVectors(
  embedder: Pick<Embedder, 'embed'>,
  currentModel: MutableCurrentModel,
): QueryVectors {
  const cache = new Map<string, Promise<QueryVector>>();

  async function make(text: string): Promise<QueryVector> {
    const { vector, model } = await embedder.embed(text, 'query').result;
    return { vector, modelVersion: await currentModel.versionOf(model) };
  }

  function cached(key: string, text: string): Promise<QueryVector> {
    const known = cache.get(key);
    if (known) cache.delete(key);
    const vector = known ?? make(text);
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
        const made = await cached(`${currentModel.version()?.id ?? 0} ${text}`, text);
        // Another version can have come into use meanwhile; vectors of the earlier one are no longer searched.
        if (made.modelVersion.id === currentModel.version()?.id) return made;
      }
    },
    clear() {
      const bytes = cache.size * BYTES_PER_QUERY;
      cache.clear();
      return bytes;
    },
  };
}
