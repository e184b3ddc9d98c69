/** The port to the model. */
import type { ModelVersion } from '../catalog/model-version.ts';

/** Highest first: a client waits for a restaurant; a client waits for a search; no client waits. */
export const priorities = ['read', 'query', 'background'] as const;
export type Priority = (typeof priorities)[number];

export function higherPriority(one: Priority, other: Priority): Priority {
  return priorities.indexOf(one) <= priorities.indexOf(other) ? one : other;
}

/** The model as its files identify it. */
export type EmbedderModel = Pick<ModelVersion, 'model' | 'sha256' | 'dimensions'>;

export interface EmbeddedText {
  /** float32[dimensions], unit length. */
  readonly vector: Float32Array;
  /** The model that made the vector. It can change whenever the model process starts and reads the model folder. */
  readonly model: EmbedderModel;
  readonly timing?: InferenceTiming;
}

export interface InferenceTiming {
  /** Time in the queue, including a start of the model process. */
  readonly waitMs: number;
  readonly inferenceMs: number;
}

export interface EmbeddingTask {
  /** Rejects with an `EmbeddingError`. */
  readonly result: Promise<EmbeddedText>;
  /** Moves the text forward in the queue when the new priority is higher; otherwise does nothing. */
  promote(priority: Priority): void;
}

export type ModelState = 'unloaded' | 'loading' | 'ready';

export interface EmbedderStatus {
  readonly state: ModelState;
  /** Texts embedded since the service started. */
  readonly inferences: number;
  /** Texts waiting or running. */
  readonly queued: number;
  readonly loads: number;
  readonly unloads: number;
  /** Resident bytes of the model process; 0 when there is none. */
  readonly memoryBytes: number;
  /** Sum over all unloads, measured before and after. */
  readonly bytesReturned: number;
  readonly lastError?: { readonly code: string; readonly message: string; readonly at: string } | undefined;
}

export interface Embedder {
  /**
   * Queues a text. The task is rejected with `queue-full` when the queue is full, or when `client`, the key of the
   * requesting client, already has its share of the queue. Without a client no share applies.
   */
  embed(text: string, priority: Priority, client?: string): EmbeddingTask;
  status(): EmbedderStatus;
  /** Resolves when the model can run; rejects with the `EmbeddingError` that says why it cannot. */
  load(): Promise<void>;
  /** Ends the model process after its current text; waiting texts start it again. Resolves with the bytes returned. */
  unload(): Promise<number>;
  /** Rejects new and waiting texts with `closing`, then kills and reaps the process. */
  close(): Promise<void>;
}
