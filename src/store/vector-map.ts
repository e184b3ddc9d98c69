/** The VectorMap port: axes fitted to a sample, positions kept in memory and added as vectors are saved. */
import type { Database } from 'better-sqlite3';
import { fitPrincipalAxes, type PrincipalAxes } from '../similarity/principal-axes.ts';
import type { VectorMap } from '../similarity/vector-map.ts';
import type { CurrentGeneration } from './current-generation.ts';
import type { CurrentVectors } from './current-vectors.ts';
import { isReady, joinEmbedding } from './restaurant-row.ts';
import type { VectorChanges } from './vector-changes.ts';

const SAMPLE = 500;
/** Chunks of 16 rows between two turns of the event loop. */
const SLICE_CHUNKS = 16;
/** With so many times the vectors that the axes were fitted to, they are fitted anew. */
const REFIT_GROWTH = 2;

interface Fit {
  readonly number: number;
  readonly axes: PrincipalAxes;
  readonly vectors: number;
  readonly positions: Map<number, readonly [number, number]>;
}

interface PointRow {
  readonly id: number;
  readonly name: string;
  readonly cuisineType: string | null;
  readonly ready: number;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

export function createVectorMap(
  database: Database,
  current: CurrentGeneration,
  vectors: CurrentVectors,
  changes: VectorChanges,
): VectorMap {
  let fit: Fit | undefined;
  let fitting: Promise<void> | undefined;
  let fits = 0;
  const selectPoints = database.prepare(
    `SELECT r.id, r.name, r.cuisine_type AS cuisineType, e.restaurant_id IS NOT NULL AND ${isReady} AS ready
     FROM restaurants r ${joinEmbedding} ORDER BY r.view_count DESC, r.id LIMIT :limit`,
  );
  const selectSample = database
    .prepare('SELECT restaurant_id FROM embeddings WHERE generation_id = ? ORDER BY text_hash LIMIT ?')
    .pluck();

  changes.listen({
    saved: (id, vector) => fit?.positions.set(id, fit.axes.project(vector)),
    deleted: (id) => fit?.positions.delete(id),
    generationChanged() {
      fit = undefined;
    },
  });

  /** The text's hash orders the vectors at random, so the first ones are a sample. */
  async function fitNow(count: number): Promise<void> {
    const ids = selectSample.all(current.id, SAMPLE) as number[];
    const axes = fitPrincipalAxes(vectors.read(ids).map(({ vector }) => vector));
    fits += 1;
    const own: Fit = { number: fits, axes, vectors: count, positions: new Map() };
    for (let chunk = 0; ;) {
      const page = vectors.page(chunk, SLICE_CHUNKS);
      if (!page) break;
      for (const { id, vector } of page.vectors) own.positions.set(id, axes.project(vector));
      chunk = page.lastChunk;
      await nextTurn();
    }
    fit = own;
  }

  async function ensureFit(): Promise<void> {
    const count = vectors.count();
    if (count === 0 || (fit && count < fit.vectors * REFIT_GROWTH)) return;
    fitting ??= fitNow(count).finally(() => {
      fitting = undefined;
    });
    await fitting;
  }

  return {
    async points(limit) {
      await ensureFit();
      const rows = selectPoints.all({ limit, generation: current.id }) as PointRow[];
      const points = rows.map(({ ready, ...row }) => ({
        ...row,
        position: ready ? fit?.positions.get(row.id) : undefined,
      }));
      return { fit: fit?.number ?? 0, points };
    },
    position(id) {
      const position = fit?.positions.get(id);
      return fit && position && { fit: fit.number, position };
    },
  };
}
