/** The VectorMap port on PostgreSQL: axes fitted to a sample; positions of the rows shown are kept in memory. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import { fitPrincipalAxes, startingAxes, type PrincipalAxes } from '../../../search/principal-axes.ts';
import type { VectorMap } from '../../../search/vector-map.ts';
import type { Queries } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';
import { readVector } from '../embeddings/vector-wire.ts';

const SAMPLE = 500;
/** With fewer vectors there is nothing to fit: one has no direction, two have but one. */
const MIN_FITTED = 8;
/** Minimum lifetime of a fit, in ms, so that positions do not change with every new vector. */
const MIN_FIT_AGE_MS = 3_000;
/** Vectors read at once. */
const SLICE = 500;

interface Placed {
  /** Hash of the embedded text: another text has another position. */
  readonly textHash: string;
  readonly position: readonly [number, number];
}

interface Fit {
  /** Derived from the sample: processes with the same vectors show the same map under the same number. */
  readonly number: number;
  readonly modelVersionId: number;
  readonly axes: PrincipalAxes;
  readonly fittedAtMs: number;
  readonly placed: Map<number, Placed>;
}

interface PointRow {
  readonly id: number;
  readonly name: string;
  readonly cuisineType: string | null;
  /** Of the current vector; null without one. */
  readonly textHash: string | null;
}

export function createVectorMap(queries: Queries): VectorMap {
  let fit: Fit | undefined;
  let fitting: Promise<Fit> | undefined;

  /** The text's hash orders the vectors at random, so the first ones are a sample. */
  async function readSample({ id }: StoredModelVersion): Promise<{ ids: number[]; number: number }> {
    const rows = await queries.rows<{ id: number; hash: number }>(
      `SELECT restaurant_id AS id, hashtextextended(encode(text_hash, 'hex'), 0) >> 16 AS hash
       FROM embeddings WHERE model_version_id = :id ORDER BY text_hash, restaurant_id LIMIT ${SAMPLE}`,
      { id },
    );
    const number = rows.reduce((sum, { hash }) => (Math.imul(sum, 31) + hash) >>> 0, 1);
    return { ids: rows.map((row) => row.id), number };
  }

  async function fitTo(
    modelVersion: StoredModelVersion,
    { ids, number }: { readonly ids: readonly number[]; readonly number: number },
  ): Promise<Fit> {
    const rows = await queries.rows<{ vector: Buffer }>(
      `SELECT vector_send(embedding) AS vector FROM ${vectorTable(modelVersion)}
       WHERE restaurant_id = ANY(:ids::bigint[]) ORDER BY text_hash, restaurant_id`,
      { ids },
    );
    const sample = rows.map(({ vector }) => readVector(vector));
    const axes =
      sample.length < MIN_FITTED ? startingAxes(modelVersion.dimensions) : fitPrincipalAxes(sample);
    return {
      number,
      modelVersionId: modelVersion.id,
      axes,
      fittedAtMs: performance.now(),
      placed: new Map(),
    };
  }

  async function ensureFit(modelVersion: StoredModelVersion): Promise<Fit> {
    const isOwn = fit?.modelVersionId === modelVersion.id;
    if (fit && isOwn && performance.now() - fit.fittedAtMs < MIN_FIT_AGE_MS) return fit;
    const sample = await readSample(modelVersion);
    if (fit && isOwn && fit.number === sample.number) return fit;
    fitting ??= fitTo(modelVersion, sample).finally(() => (fitting = undefined));
    fit = await fitting;
    return fit;
  }

  async function place({ axes, placed }: Fit, modelVersion: StoredModelVersion, ids: readonly number[]) {
    for (let start = 0; start < ids.length; start += SLICE) {
      const rows = await queries.rows<{ id: number; textHash: string; vector: Buffer }>(
        `SELECT restaurant_id AS id, encode(text_hash, 'hex') AS "textHash", vector_send(embedding) AS vector
         FROM ${vectorTable(modelVersion)} WHERE restaurant_id = ANY(:ids::bigint[])`,
        { ids: ids.slice(start, start + SLICE) },
      );
      for (const { id, textHash, vector } of rows) {
        placed.set(id, { textHash, position: axes.project(readVector(vector)) });
      }
    }
  }

  const mostViewed = `
    SELECT r.id, r.name, r.cuisine_type AS "cuisineType", encode(e.text_hash, 'hex') AS "textHash"
    FROM restaurants r LEFT JOIN restaurant_views w ON w.restaurant_id = r.id
    LEFT JOIN embeddings e ON e.restaurant_id = r.id AND e.model_version_id = :id AND e.text_hash = r.text_hash
    ORDER BY coalesce(w.views, 0) DESC, r.id LIMIT :limit`;

  return {
    async points(limit, modelVersion) {
      const own = modelVersion && (await ensureFit(modelVersion));
      const rows = await queries.rows<PointRow>(mostViewed, { limit, id: modelVersion?.id ?? 0 });
      if (own && modelVersion) {
        const unplaced = rows.filter(
          ({ id, textHash }) => textHash !== null && own.placed.get(id)?.textHash !== textHash,
        );
        await place(
          own,
          modelVersion,
          unplaced.map(({ id }) => id),
        );
      }
      const total = await queries.row<{ total: number }>('SELECT count(*) AS total FROM restaurants');
      const points = rows.map(({ textHash, ...row }) => ({
        ...row,
        position: textHash === null ? undefined : own?.placed.get(row.id)?.position,
      }));
      return { fit: own?.number ?? 0, total: total?.total ?? 0, points };
    },
    async position(id, modelVersion) {
      if (!modelVersion || fit?.modelVersionId !== modelVersion.id) return undefined;
      const own = fit;
      await place(own, modelVersion, [id]);
      const position = own.placed.get(id)?.position;
      return position && { fit: own.number, position };
    },
  };
}
