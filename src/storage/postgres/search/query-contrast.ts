/** How clearly the nearest vectors of a query stand out from the rest, which decides whether an HNSW search finds them. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Neighbour } from '../../../search/nearest-neighbours.ts';
import type { Queries } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';
import { readVector } from '../embeddings/vector-wire.ts';

export interface QueryContrast {
  /** Mean distance of all vectors from the query ÷ distance of the tenth neighbour; 1 when it is like all others. */
  of(vector: Float32Array, found: readonly Neighbour[], modelVersion: StoredModelVersion): Promise<number>;
  /** About how many vectors there are. */
  countVectors(modelVersion: StoredModelVersion): Promise<number>;
}

/** Vectors whose mean stands for that of all. */
const SAMPLE_ROWS = 1_000;
const NEIGHBOUR = 10;
/** A sample is drawn again after this long, in ms. */
const SAMPLE_AGE_MS = 10 * 60_000;

interface Sample {
  /** float32[dimensions], not of unit length. */
  readonly mean: Float32Array;
  readonly rows: number;
  readonly drawnAt: number;
}

/** The measure is the relative contrast of J. He, S. Kumar and S.-F. Chang, "On the difficulty of nearest neighbor search", ICML 2012. */
export function createQueryContrast(queries: Queries): QueryContrast {
  const samples = new Map<number, Promise<Sample>>();

  async function draw(version: StoredModelVersion): Promise<Sample> {
    const table = vectorTable(version);
    // The planner's estimate, which needs no scan; −1 before the first ANALYZE.
    const estimate = await queries.row<{ rows: number }>(
      'SELECT reltuples::bigint AS rows FROM pg_class WHERE oid = :table::regclass',
      { table },
    );
    const rows = Math.max(1, estimate?.rows ?? 1);
    const percent = Math.min(100, (100 * SAMPLE_ROWS) / rows);
    const drawn = await queries.row<{ mean: Buffer | null }>(
      `SELECT vector_send(avg(embedding)) AS mean
       FROM (SELECT embedding FROM ${table} TABLESAMPLE SYSTEM (:percent) LIMIT ${SAMPLE_ROWS}) AS sample`,
      { percent },
    );
    const mean = drawn?.mean ? readVector(drawn.mean) : new Float32Array(version.dimensions);
    return { mean, rows, drawnAt: performance.now() };
  }

  async function sampleOf(version: StoredModelVersion): Promise<Sample> {
    const known = await samples.get(version.id);
    if (known && performance.now() - known.drawnAt < SAMPLE_AGE_MS) return known;
    const drawing = draw(version);
    samples.set(version.id, drawing);
    drawing.catch(() => samples.delete(version.id));
    return drawing;
  }

  return {
    async of(vector, found, modelVersion) {
      const { mean } = await sampleOf(modelVersion);
      const neighbour = found[Math.min(found.length, NEIGHBOUR) - 1];
      if (!neighbour) return 1;
      let meanScore = 0;
      for (const [i, value] of vector.entries()) meanScore += value * (mean[i] ?? 0);
      return (1 - meanScore) / Math.max(1 - neighbour.score, Number.EPSILON);
    },
    countVectors: async (modelVersion) => (await sampleOf(modelVersion)).rows,
  };
}
