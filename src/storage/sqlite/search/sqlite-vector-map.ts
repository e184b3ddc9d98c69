/** The VectorMap port: axes fitted to a sample, positions kept in memory and added as vectors are saved. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { fitPrincipalAxes, startingAxes, type PrincipalAxes } from '../../../search/principal-axes.ts';
import type { VectorMap } from '../../../search/vector-map.ts';
import type { CurrentGeneration } from '../embeddings/current-model-version.ts';
import type { CurrentVectors } from './current-vectors.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import type { VectorChanges } from '../embeddings/vector-changes.ts';

const SAMPLE = 500;
/** With fewer vectors there is nothing to fit: one has no direction, two have but one. */
const MIN_FITTED = 8;
/** Chunks of 16 rows between two turns of the event loop. */
const SLICE_CHUNKS = 16;
/** With so many times the vectors that the axes were fitted to, they are fitted anew. */
const REFIT_GROWTH = 2;

interface Fit {
  readonly number: number;
  readonly axes: PrincipalAxes;
  /** With so many vectors the axes are fitted anew. */
  readonly refitAt: number;
  readonly positions: Map<number, readonly [number, number]>;
}

interface PointRow {
  readonly id: number;
  readonly name: string;
  readonly cuisineType: string | null;
  readonly ready: number;
}

export function createVectorMap(
  database: Database,
  current: CurrentGeneration,
  vectors: CurrentVectors,
  changes: VectorChanges,
): VectorMap {
  /** What is shown; undefined until somebody asks for the map. */
  let fit: Fit | undefined;
  /** What will be shown next, while it is being filled; it hears of changes too. */
  let filling: Fit | undefined;
  let fitting: Promise<void> | undefined;
  let fits = 0;
  const selectPoints = database.prepare(
    `SELECT r.id, r.name, r.cuisine_type AS cuisineType, e.restaurant_id IS NOT NULL AND ${isReady} AS ready
     FROM restaurants r ${joinEmbedding} ORDER BY r.view_count DESC, r.id LIMIT :limit`,
  );
  const countRestaurants = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const selectSample = database
    .prepare('SELECT restaurant_id FROM embeddings WHERE generation_id = ? ORDER BY text_hash LIMIT ?')
    .pluck();

  changes.listen({
    saved(id, vector) {
      for (const one of [fit, filling]) one?.positions.set(id, one.axes.project(vector));
      // Nobody waits for this one: if it fails, the next vector or the next look at the map tries again.
      if (fit && fit.positions.size >= fit.refitAt) startFit(fit.positions.size).catch(() => undefined);
    },
    deleted(id) {
      for (const one of [fit, filling]) one?.positions.delete(id);
    },
    generationChanged() {
      fit = filling = fitting = undefined;
    },
  });

  /** The text's hash orders the vectors at random, so the first ones are a sample. */
  function fitAxes(): PrincipalAxes {
    const sample = vectors.read(selectSample.all(current.id, SAMPLE) as number[]);
    const previous = fit?.axes ?? startingAxes(current.dimensions);
    return sample.length < MIN_FITTED
      ? previous
      : fitPrincipalAxes(
          sample.map(({ vector }) => vector),
          previous,
        );
  }

  async function fitNow(count: number): Promise<void> {
    const refitAt = Math.max(MIN_FITTED, count * REFIT_GROWTH);
    const own: Fit = { number: ++fits, axes: fitAxes(), refitAt, positions: new Map() };
    filling = own;
    for (let chunk = 0; ;) {
      const page = vectors.page(chunk, SLICE_CHUNKS);
      if (!page) break;
      for (const { id, vector } of page.vectors) own.positions.set(id, own.axes.project(vector));
      chunk = page.lastChunk;
      await nextTurn();
      if (filling !== own) return; // Another generation has become current.
    }
    fit = own;
    filling = undefined;
  }

  function startFit(count: number): Promise<void> {
    if (fitting) return fitting;
    const own = fitNow(count).finally(() => {
      if (fitting === own) fitting = undefined;
    });
    fitting = own;
    return own;
  }

  async function ensureFit(): Promise<void> {
    if (current.id === 0) return;
    const count = vectors.count();
    if (!fit || count >= fit.refitAt) await startFit(count);
  }

  /** Another process may have stored vectors that nobody has told of. */
  function placeUntold({ axes, positions }: Fit, rows: readonly PointRow[]): void {
    const untold = rows.filter(({ id, ready }) => ready && !positions.has(id)).map(({ id }) => id);
    if (untold.length === 0) return;
    for (const { id, vector } of vectors.read(untold)) positions.set(id, axes.project(vector));
  }

  return {
    async points(limit) {
      await ensureFit();
      const rows = selectPoints.all({ limit, generation: current.id }) as PointRow[];
      if (fit) placeUntold(fit, rows);
      const points = rows.map(({ ready, ...row }) => ({
        ...row,
        position: ready ? fit?.positions.get(row.id) : undefined,
      }));
      return { fit: fit?.number ?? 0, total: countRestaurants.get() as number, points };
    },
    position(id) {
      const position = fit?.positions.get(id);
      return fit && position && { fit: fit.number, position };
    },
  };
}
