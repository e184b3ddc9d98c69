/** Token vectors → one sentence vector, for graphs that do not pool themselves. */

/**
 * Mean over all tokens, then L2 normalisation, as sentence-transformers does for MiniLM
 * (Reimers & Gurevych, "Sentence-BERT", EMNLP 2019). One text without padding: every token counts.
 *
 * @param tokens float32[tokenCount × dimensions], row by row
 * @returns float32[dimensions], unit length
 */
export function meanPool(tokens: Float32Array, tokenCount: number, dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (let token = 0; token < tokenCount; token += 1) {
    for (let i = 0; i < dimensions; i += 1) mean[i] = (mean[i] ?? 0) + (tokens[token * dimensions + i] ?? 0);
  }
  // The sum is enough: its length is normalised anyway.
  let squares = 0;
  for (const value of mean) squares += value * value;
  const length = Math.sqrt(squares);
  return mean.map((value) => value / length);
}
