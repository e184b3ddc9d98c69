/** What makes vectors comparable: only vectors of one generation may ever meet in a similarity. */

export interface Generation {
  /** The model folder's name, e.g. `tastematch-MiniLM-L6-en-pt`. */
  readonly model: string;
  /** sha-256 (hex) over the hashes of the graph, its external weights and the tokenizer. */
  readonly sha256: string;
  readonly templateVersion: number;
  readonly dimensions: number;
}
