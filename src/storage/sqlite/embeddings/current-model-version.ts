/** Which generation counts as current, shared by the stores of one database. */

export interface CurrentGeneration {
  /** Row id in `generations`; 0 when no model could be identified, which matches no vector. */
  id: number;
  dimensions: number;
}

export function createCurrentGeneration(): CurrentGeneration {
  return { id: 0, dimensions: 0 };
}
