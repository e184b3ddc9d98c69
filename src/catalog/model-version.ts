/** What makes vectors comparable: a similarity is only ever computed between vectors of one model version. */

export interface ModelVersion {
  /** The model folder's name, e.g. `all-MiniLM-L6-v2`. */
  readonly model: string;
  /** sha-256 (hex) over the hashes of the graph, its external weights and the tokenizer. */
  readonly sha256: string;
  /** Version of the text template that turns a restaurant into the embedded text. */
  readonly templateVersion: number;
  readonly dimensions: number;
}

/**
 * A model version as the engine knows it. It is passed to every store call that reads or writes vectors or an
 * embedding status; `undefined` in its place means that no model is identified, so that no vector is current.
 */
export interface StoredModelVersion extends ModelVersion {
  /** Assigned by the engine at registration, ≥ 1, never reused for another version. */
  readonly id: number;
}
