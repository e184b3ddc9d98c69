/** Writing whole restaurants, with their vectors and failures, for a copy. */
import type { ModelVersion } from '../../../catalog/model-version.ts';
import type { CopiedIdempotencyKey, CopiedRestaurant } from '../../../transfer/copy-store.ts';
import type { Queries } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';
import { vectorRows } from '../embeddings/vector-wire.ts';
import {
  columnDefinitions,
  columnNames,
  recordColumn,
  toColumnValues,
} from '../restaurants/restaurant-columns.ts';

const writeRestaurants = `
  INSERT INTO restaurants (id, ${columnNames.join(', ')}, created_at, updated_at, version)
  SELECT x.id, ${columnNames.map(recordColumn).join(', ')}, x.created_at, x.updated_at, x.version
  FROM jsonb_to_recordset(:rows::jsonb)
    AS x (id bigint, created_at timestamptz, updated_at timestamptz, version integer, ${columnDefinitions})
  ON CONFLICT (id) DO UPDATE SET ${columnNames.map((name) => `${name} = excluded.${name}`).join(', ')},
    created_at = excluded.created_at, updated_at = excluded.updated_at, version = excluded.version`;

const writeViews = `
  INSERT INTO restaurant_views (restaurant_id, views)
  SELECT * FROM unnest(:ids::bigint[], :views::bigint[]) AS x (id, views) WHERE x.views > 0`;

/** Within a transaction. `versionId` finds or registers a model version. */
export async function writeCopied(
  queries: Queries,
  changed: readonly CopiedRestaurant[],
  deletedIds: readonly number[],
  versionId: (version: ModelVersion) => number,
): Promise<void> {
  const ids = changed.map(({ id }) => id);
  const externalIds = changed.flatMap(({ fields }) => fields.externalId ?? []);
  await queries.run('SET CONSTRAINTS restaurants_external_id DEFERRED');
  if (deletedIds.length > 0) {
    await queries.run('DELETE FROM restaurants WHERE id = ANY(:deletedIds::bigint[])', { deletedIds });
  }
  // A row of a later page may still have an external id that now belongs to one of these.
  await queries.run(
    `UPDATE restaurants SET external_id = NULL
     WHERE external_id = ANY(:externalIds::text[]) AND id <> ALL(:ids::bigint[])`,
    { externalIds, ids },
  );
  const rows = changed.map(({ id, fields, createdAt, updatedAt, version }) => ({
    id,
    ...toColumnValues(fields),
    created_at: createdAt,
    updated_at: updatedAt,
    version,
  }));
  await queries.run(writeRestaurants, { rows: JSON.stringify(rows) });
  for (const table of ['restaurant_views', 'embeddings', 'embedding_failures']) {
    await queries.run(`DELETE FROM ${table} WHERE restaurant_id = ANY(:ids::bigint[])`, { ids });
  }
  if (changed.some(({ views }) => views > 0)) {
    await queries.run(writeViews, { ids, views: changed.map(({ views }) => views) });
  }
  await writeFailures(queries, changed, versionId);
  await writeVectors(queries, changed, versionId);
}

async function writeFailures(
  queries: Queries,
  changed: readonly CopiedRestaurant[],
  versionId: (version: ModelVersion) => number,
): Promise<void> {
  const rows = changed.flatMap(({ id, failures }) =>
    failures.map((failure) => ({ id, ...failure, versionId: versionId(failure.modelVersion) })),
  );
  if (rows.length === 0) return;
  await queries.run(
    `INSERT INTO embedding_failures
       (restaurant_id, model_version_id, text_hash, reason, detail, attempts, failed_at, retry_at)
     SELECT x.id, x."versionId", decode(x."textHash", 'hex'), x.reason, x.detail, x.attempts, x."failedAt", x."retryAt"
     FROM jsonb_to_recordset(:rows::jsonb) AS x (id bigint, "versionId" integer, "textHash" text, reason text,
       detail text, attempts integer, "failedAt" timestamptz, "retryAt" timestamptz)`,
    { rows: JSON.stringify(rows) },
  );
}

async function writeVectors(
  queries: Queries,
  changed: readonly CopiedRestaurant[],
  versionId: (version: ModelVersion) => number,
): Promise<void> {
  const all = changed.flatMap(({ id, vectors }) =>
    vectors.map((vector) => ({ id, ...vector, versionId: versionId(vector.modelVersion) })),
  );
  for (const version of new Set(all.map((vector) => vector.versionId))) {
    const vectors = all.filter((vector) => vector.versionId === version);
    const values = {
      version,
      ids: vectors.map(({ id }) => id),
      hashes: vectors.map(({ textHash }) => textHash),
      times: vectors.map(({ createdAt }) => createdAt),
    };
    await queries.run(
      `INSERT INTO embeddings (restaurant_id, model_version_id, text_hash, created_at)
       SELECT x.id, :version, decode(x.hash, 'hex'), x.at
       FROM unnest(:ids::bigint[], :hashes::text[], :times::timestamptz[]) AS x (id, hash, at)`,
      values,
    );
    const rows = vectorRows(
      vectors.map(({ id, vector }) => ({ key: id, vector })),
      'bigint',
    );
    await queries.run(
      `INSERT INTO ${vectorTable({ id: version })} AS v (restaurant_id, text_hash, embedding)
       SELECT x.id, decode(x.hash, 'hex'), made.vector
       FROM unnest(:ids::bigint[], :hashes::text[]) AS x (id, hash)
       JOIN (VALUES ${rows.sql}) AS made (id, vector) ON made.id = x.id
       ON CONFLICT (restaurant_id) DO UPDATE SET text_hash = excluded.text_hash, embedding = excluded.embedding`,
      { ...values, ...rows.values },
    );
  }
}

export async function writeKeys(queries: Queries, keys: readonly CopiedIdempotencyKey[]): Promise<void> {
  await queries.run(
    `INSERT INTO idempotency_keys (key, body_hash, restaurant, created_at)
     SELECT x.key, x."bodyHash", x.restaurant, x."createdAt"
     FROM jsonb_to_recordset(:keys::jsonb)
       AS x (key text, "bodyHash" text, restaurant text, "createdAt" timestamptz)
     ON CONFLICT (key) DO UPDATE SET
       body_hash = excluded.body_hash, restaurant = excluded.restaurant, created_at = excluded.created_at`,
    { keys: JSON.stringify(keys) },
  );
}
