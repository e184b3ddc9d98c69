/** The port behind which the model lives. */

/** What goes first: somebody waits for a restaurant, then for a search, then nobody does. */
export const priorities = ['read', 'query', 'background'] as const;
export type Priority = (typeof priorities)[number];

export function higherPriority(one: Priority, other: Priority): Priority {
  return priorities.indexOf(one) <= priorities.indexOf(other) ? one : other;
}

export interface EmbeddingTask {
  /** float32[dimensions], unit length. Rejects with an `EmbeddingError`. */
  readonly vector: Promise<Float32Array>;
  /** Moves the text forward in the queue when the new priority is higher; otherwise does nothing. */
  promote(priority: Priority): void;
  /** When the model began with the text, by the monotonic clock in ms; undefined before. */
  readonly runAtMs?: () => number | undefined;
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
  /** Resident bytes of the process that holds the model; 0 when there is none. */
  readonly memoryBytes: number;
  /** Sum over all unloads, measured before and after. */
  readonly bytesReturned: number;
  readonly lastError?: { readonly code: string; readonly message: string; readonly at: string } | undefined;
}

export interface Embedder {
  /** Queues a text at once; a full queue rejects the task with `queue-full`. */
  embed(text: string, priority: Priority): EmbeddingTask;
  status(): EmbedderStatus;
  /** Resolves when the model can run; rejects with the `EmbeddingError` that says why it cannot. */
  load(): Promise<void>;
  /** Ends the model's process after its current text; texts that wait start it again. Gives the bytes that came back. */
  unload(): Promise<number>;
  /** Refuses new texts, rejects waiting ones with `closing`, kills and reaps the process. */
  close(): Promise<void>;
}
