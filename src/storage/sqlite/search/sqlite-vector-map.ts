/** The VectorMap port: axes fitted to a sample, positions kept in memory and added as vectors are saved. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import { fitPrincipalAxes, startingAxes, type PrincipalAxes } from '../../../search/principal-axes.ts';
import type { VectorMap } from '../../../search/vector-map.ts';
import { idOf } from '../embeddings/model-versions.ts';
import type { CurrentVectors } from './current-vectors.ts';
import { isReady, joinEmbedding } from '../restaurants/restaurant-row.ts';
import type { VectorChanges } from '../embeddings/vector-changes.ts';

const SAMPLE = 500;
/** With fewer vectors there is nothing to fit: one has no direction, two have but one. */
const MIN_FITTED = 8;
/** Rows between two turns of the event loop. */
const SLICE_ROWS = 256;
/** The axes are fitted again when the number of vectors has grown by this factor. */
const REFIT_GROWTH = 2;
/**
 * A request for the map fits the axes again when no vector has been saved for this long, so that equal catalogues show
 * equal maps, whatever was requested before.
 */
const SETTLED_MS = 3_000;

interface Fit {
  readonly version: StoredModelVersion;
  readonly number: number;
  readonly axes: PrincipalAxes;
  /** Number of vectors at the time of the fit. */
  readonly fittedTo: number;
  /** Number of vectors at which the axes are fitted again. */
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
  vectors: CurrentVectors,
  changes: VectorChanges,
  schedule: (work: () => void) => void = setImmediate,
): VectorMap {
  /** The fit that answers use; undefined until the map is first asked for. */
  let fit: Fit | undefined;
  /** The next fit while it is being filled; it receives changes too. */
  let filling: Fit | undefined;
  let fitting: { readonly versionId: number; readonly done: Promise<void> } | undefined;
  let fits = 0;
  let refitScheduled = false;
  let savedAtMs = -Infinity;
  const selectPoints = database.prepare(
    `SELECT r.id, r.name, r.cuisine_type AS cuisineType, e.restaurant_id IS NOT NULL AND ${isReady} AS ready
     FROM restaurants r ${joinEmbedding} ORDER BY r.view_count DESC, r.id LIMIT :limit`,
  );
  const countRestaurants = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const selectSample = database
    .prepare('SELECT restaurant_id FROM embeddings WHERE model_version_id = ? ORDER BY text_hash LIMIT ?')
    .pluck();

  changes.listen({
    saved(id, vector, versionId) {
      savedAtMs = performance.now();
      for (const one of [fit, filling])
        if (one?.version.id === versionId) one.positions.set(id, one.axes.project(vector));
      if (fit?.version.id === versionId && fit.positions.size >= fit.refitAt) scheduleRefit(fit);
    },
    deleted(id) {
      for (const one of [fit, filling]) one?.positions.delete(id);
    },
  });

  /** The text's hash orders the vectors at random, so the first ones are a sample. */
  function fitAxes(version: StoredModelVersion): PrincipalAxes {
    const sample = vectors.read(version, selectSample.all(version.id, SAMPLE) as number[]);
    return sample.length < MIN_FITTED
      ? startingAxes(version.dimensions)
      : fitPrincipalAxes(sample.map(({ vector }) => vector));
  }

  async function fitNow(version: StoredModelVersion, count: number): Promise<void> {
    const refitAt = Math.max(MIN_FITTED, count * REFIT_GROWTH);
    const own: Fit = {
      version,
      number: ++fits,
      axes: fitAxes(version),
      fittedTo: count,
      refitAt,
      positions: new Map(),
    };
    filling = own;
    for (let after = 0; ;) {
      const page = vectors.page(version, after, SLICE_ROWS);
      if (!page) break;
      for (const { id, vector } of page.vectors) own.positions.set(id, own.axes.project(vector));
      after = page.last;
      await nextTurn();
      if (filling !== own) return; // A fit of another version is being made.
    }
    fit = own;
    filling = undefined;
  }

  function startFit(version: StoredModelVersion, count: number): Promise<void> {
    if (fitting?.versionId === version.id) return fitting.done;
    const done = fitNow(version, count).finally(() => {
      if (fitting?.done === done) fitting = undefined;
    });
    fitting = { versionId: version.id, done };
    return done;
  }

  /** Runs after the save that caused it. If it fails, the next vector or request for the map tries again. */
  function scheduleRefit({ version, positions }: Fit): void {
    if (refitScheduled) return;
    refitScheduled = true;
    schedule(() => {
      refitScheduled = false;
      if (database.open) startFit(version, positions.size).catch(() => undefined);
    });
  }

  async function ensureFit(version: StoredModelVersion): Promise<void> {
    const count = vectors.count(version);
    const isSettled = performance.now() - savedAtMs > SETTLED_MS;
    if (fit?.version.id !== version.id || count >= fit.refitAt || (isSettled && count !== fit.fittedTo))
      await startFit(version, count);
  }

  const fitOf = (version: StoredModelVersion | undefined) =>
    fit && fit.version.id === version?.id ? fit : undefined;

  /** Adds the vectors that another process has stored. */
  function placeUnplaced({ version, axes, positions }: Fit, rows: readonly PointRow[]): void {
    const unplaced = rows.filter(({ id, ready }) => ready && !positions.has(id)).map(({ id }) => id);
    if (unplaced.length === 0) return;
    for (const { id, vector } of vectors.read(version, unplaced)) positions.set(id, axes.project(vector));
  }

  return {
    async points(limit, modelVersion) {
      if (modelVersion) await ensureFit(modelVersion);
      const rows = selectPoints.all({ limit, modelVersion: idOf(modelVersion) }) as PointRow[];
      const own = fitOf(modelVersion);
      if (own) placeUnplaced(own, rows);
      const points = rows.map(({ ready, ...row }) => ({
        ...row,
        position: ready ? own?.positions.get(row.id) : undefined,
      }));
      return { fit: own?.number ?? 0, total: countRestaurants.get() as number, points };
    },
    async position(id, modelVersion) {
      const own = fitOf(modelVersion);
      const position = own?.positions.get(id);
      return own && position && { fit: own.number, position };
    },
  };
}
