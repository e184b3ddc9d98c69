/** Single flight by text: all callers that need the vector of one text share one lookup and one inference. */
import type { StoredModelVersion } from '../catalog/model-version.ts';
import type { MutableCurrentModel } from './current-model.ts';
import {
  higherPriority,
  type Embedder,
  type EmbeddingTask,
  type InferenceTiming,
  type Priority,
} from './embedder.ts';
import type { EmbeddingStore } from './embedding-store.ts';

/** `reused`: from an identical text; `inferred`: by the model. */
export type VectorOrigin = 'reused' | 'inferred';

export interface TextVector {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  readonly origin: VectorOrigin;
  /** The version that made the vector. */
  readonly modelVersion: StoredModelVersion;
  /** Undefined when no inference was made for this call. */
  readonly timing?: InferenceTiming | undefined;
}

export interface TextRequest {
  readonly text: string;
  readonly textHash: string;
  readonly priority: Priority;
  /** The client whose share of the queue the text counts towards. */
  readonly client?: string | undefined;
}

interface InFlightText {
  readonly result: Promise<TextVector>;
  task: EmbeddingTask | undefined;
  priority: Priority;
  callers: number;
}

export interface InFlightTexts {
  /**
   * Calls `use` with the text's vector. Others can join until every caller has finished using it, so a vector that is
   * made and not yet stored is never made a second time.
   */
  withVector<T>(request: TextRequest, use: (made: TextVector) => Promise<T>): Promise<T>;
  promote(textHash: string, priority: Priority): void;
  /** How many callers joined an in-flight text. */
  readonly joins: number;
}

/** Longer than an inference takes, so that only a process that died loses its claim. */
const CLAIM_TTL_MS = 60_000;

export function createInFlightTexts(
  store: Pick<EmbeddingStore, 'findVectorByTextHash' | 'claimText' | 'releaseText' | 'waitForText'>,
  embedder: Pick<Embedder, 'embed'>,
  currentModel: MutableCurrentModel,
): InFlightTexts {
  const inFlight = new Map<string, InFlightText>();
  let joins = 0;

  /** A stored vector of the text; undefined once this process has claimed the text and has to infer it. */
  async function findOrClaim(textHash: string): Promise<TextVector | undefined> {
    const modelVersion = currentModel.version();
    if (!modelVersion) return undefined;
    for (;;) {
      const vector = await store.findVectorByTextHash(textHash, modelVersion);
      if (vector) return { vector, origin: 'reused', modelVersion };
      if (await store.claimText(textHash, modelVersion, CLAIM_TTL_MS)) return undefined;
      await store.waitForText(textHash, modelVersion, CLAIM_TTL_MS);
    }
  }

  async function infer({ text, textHash, client }: TextRequest, entry: InFlightText): Promise<TextVector> {
    const claimedFor = currentModel.version();
    try {
      entry.task = embedder.embed(text, entry.priority, client);
      const { vector, model, timing } = await entry.task.result;
      return { vector, origin: 'inferred', modelVersion: await currentModel.versionOf(model), timing };
    } catch (error) {
      if (claimedFor) await store.releaseText(textHash, claimedFor).catch(() => {}); // The claim expires anyway.
      throw error;
    }
  }

  function start(request: TextRequest): InFlightText {
    const { textHash, priority } = request;
    const entry: InFlightText = {
      // In a later microtask, as `entry` is not assigned yet.
      result: Promise.resolve().then(async () => (await findOrClaim(textHash)) ?? infer(request, entry)),
      task: undefined,
      priority,
      callers: 0,
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
    async withVector(request, use) {
      const { textHash, priority } = request;
      const known = inFlight.get(textHash);
      if (known) {
        joins += 1;
        promote(textHash, priority);
      }
      const entry = known ?? start(request);
      entry.callers += 1;
      try {
        const made = await entry.result;
        return await use(known ? { ...made, origin: 'reused' } : made);
      } finally {
        entry.callers -= 1;
        if (entry.callers === 0 && inFlight.get(textHash) === entry) inFlight.delete(textHash);
      }
    },
  };
}
