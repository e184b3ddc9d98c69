/** Single flight by text: everyone who needs the vector of one text shares one lookup and one inference. */
import { higherPriority, type Embedder, type EmbeddingTask, type Priority } from './embedder.ts';
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { CurrentModel } from './current-model.ts';
import { EmbeddingError } from './embedding-error.ts';
import type { EmbeddingStore } from './embedding-store.ts';

export type VectorOrigin = 'reused' | 'inferred';

interface MadeVector {
  readonly vector: Float32Array;
  readonly origin: VectorOrigin;
  /** The version that made the vector. */
  readonly modelVersion: StoredModelVersion;
  /** Undefined for a vector that was not made for this text. */
  readonly timing?: InferenceTiming | undefined;
}

export interface InferenceTiming {
  /** From the request to the model's beginning with the text: the queue, and the start of the model process. */
  readonly waitMs: number;
  readonly inferenceMs: number;
}

interface InFlightText {
  readonly result: Promise<MadeVector>;
  task: EmbeddingTask | undefined;
  priority: Priority;
  holders: number;
}

export interface InFlightTexts {
  /**
   * Calls `use` with the text's vector. The entry can be joined until everyone who joined has
   * finished using it, so a vector that is made but not yet stored is never made a second time.
   */
  withVector<T>(
    text: { readonly text: string; readonly textHash: string },
    priority: Priority,
    use: (made: MadeVector) => Promise<T>,
  ): Promise<T>;
  promote(textHash: string, priority: Priority): void;
  /** How often a caller found an entry under way. */
  readonly joins: number;
}

export function createInFlightTexts(
  store: EmbeddingStore,
  embedder: Pick<Embedder, 'embed'>,
  currentModel: CurrentModel,
): InFlightTexts {
  const inFlight = new Map<string, InFlightText>();
  let joins = 0;

  function start(text: string, textHash: string, priority: Priority): InFlightText {
    const fly = async () => {
      const version = currentModel.version();
      const known = await store.findVectorByTextHash(textHash, version);
      if (known && version) return { vector: known, origin: 'reused' as const, modelVersion: version };
      const queuedAt = performance.now();
      entry.task = embedder.embed(text, entry.priority);
      const vector = await entry.task.vector;
      const runAt = entry.task.runAtMs?.() ?? queuedAt;
      const timing = { waitMs: runAt - queuedAt, inferenceMs: performance.now() - runAt };
      // Starting the model process may have found another version in the folder: it is the one that made the vector.
      const modelVersion = currentModel.version();
      if (!modelVersion) throw new EmbeddingError('model-missing', 'no model version is in use');
      return { vector, origin: 'inferred' as const, modelVersion, timing };
    };
    // `fly` runs in a later microtask, when `entry` is assigned.
    const entry: InFlightText = {
      result: Promise.resolve().then(fly),
      task: undefined,
      priority,
      holders: 0,
    };
    inFlight.set(textHash, entry);
    return entry;
  }

  function promote(textHash: string, priority: Priority): void {
    const entry = inFlight.get(textHash);
    if (!entry) return;
    entry.priority = higherPriority(entry.priority, priority);
    entry.task?.promote(priority);
  }

  return {
    get joins() {
      return joins;
    },
    promote,
    async withVector({ text, textHash }, priority, use) {
      const known = inFlight.get(textHash);
      if (known) {
        joins += 1;
        promote(textHash, priority);
      }
      const entry = known ?? start(text, textHash, priority);
      entry.holders += 1;
      try {
        const made = await entry.result;
        return await use(known ? { ...made, origin: 'reused' } : made);
      } finally {
        entry.holders -= 1;
        if (entry.holders === 0 && inFlight.get(textHash) === entry) inFlight.delete(textHash);
      }
    },
  };
}
