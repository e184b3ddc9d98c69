/** Reading whole restaurants, with their vectors and failures, for a copy. */
import type { ModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import type {
  CopiedFailure,
  CopiedIdempotencyKey,
  CopiedRestaurant,
  CopiedVector,
  CopyReader,
} from '../../../transfer/copy-store.ts';
import type { Queries } from '../connection/database.ts';
import { vectorTable } from '../embeddings/vector-table.ts';
import { readVector } from '../embeddings/vector-wire.ts';
import { parseAttributes, type WithJson } from '../../rows/restaurant-row.ts';
import { countRestaurants } from '../restaurants/list-restaurants.ts';

type RestaurantRow = WithJson<RestaurantFields> & Omit<CopiedRestaurant, 'fields' | 'vectors' | 'failures'>;
type StoredVersion = ModelVersion & { readonly id: number };

const selectRestaurants = `
  SELECT r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.version, coalesce(w.views, 0) AS views,
         r.external_id AS "externalId", r.name, r.cuisine_type AS "cuisineType", r.description, r.rating,
         r.price_level AS "priceLevel", r.location, r.latitude, r.longitude, r.attributes
  FROM restaurants r LEFT JOIN restaurant_views w ON w.restaurant_id = r.id
  WHERE r.id > :after AND r.id <= :last ORDER BY r.id LIMIT :limit`;

const selectFailures = `
  SELECT restaurant_id AS id, model_version_id AS "versionId", encode(text_hash, 'hex') AS "textHash", reason, detail,
         attempts, failed_at AS "failedAt", retry_at AS "retryAt"
  FROM embedding_failures WHERE restaurant_id = ANY(:ids::bigint[])`;

export function createCopyReader(queries: Queries): CopyReader {
  const listVersions = () =>
    queries.rows<StoredVersion>(
      `SELECT id, model, sha256, template_version AS "templateVersion", dimensions FROM model_versions
       WHERE to_regclass('vectors_' || id) IS NOT NULL ORDER BY id`,
    );

  async function readVectors(ids: readonly number[], versions: readonly StoredVersion[]) {
    const byRow = new Map<number, CopiedVector[]>();
    for (const { id: versionId, ...modelVersion } of versions) {
      const rows = await queries.rows<{ id: number; textHash: string; createdAt: string; vector: Buffer }>(
        `SELECT v.restaurant_id AS id, encode(e.text_hash, 'hex') AS "textHash", e.created_at AS "createdAt",
                vector_send(v.embedding) AS vector
         FROM ${vectorTable({ id: versionId })} v
         JOIN embeddings e ON e.restaurant_id = v.restaurant_id AND e.model_version_id = :versionId
         WHERE v.restaurant_id = ANY(:ids::bigint[])`,
        { ids, versionId },
      );
      for (const { id, textHash, createdAt, vector } of rows) {
        const own = byRow.get(id) ?? [];
        own.push({ modelVersion, textHash, createdAt, vector: readVector(vector) });
        byRow.set(id, own);
      }
    }
    return byRow;
  }

  async function readFailures(ids: readonly number[], versions: readonly StoredVersion[]) {
    const known = new Map(versions.map(({ id, ...version }) => [id, version]));
    const rows = await queries.rows<
      Omit<CopiedFailure, 'modelVersion'> & { readonly id: number; readonly versionId: number }
    >(selectFailures, { ids });
    const byRow = new Map<number, CopiedFailure[]>();
    for (const { id, versionId, ...failure } of rows) {
      const modelVersion = known.get(versionId);
      if (!modelVersion) continue;
      const own = byRow.get(id) ?? [];
      own.push({ ...failure, modelVersion });
      byRow.set(id, own);
    }
    return byRow;
  }

  return {
    count: async () => (await queries.row<{ total: number }>(countRestaurants))?.total ?? 0,
    async lastId() {
      const row = await queries.row<{ id: number }>(
        `SELECT greatest(coalesce((SELECT max(id) FROM restaurants), 0),
           (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM restaurants_id_seq)) AS id`,
      );
      return row?.id ?? 0;
    },
    async restaurants({ after, last = Number.MAX_SAFE_INTEGER, limit = 1_000 }) {
      const rows = await queries.rows<RestaurantRow>(selectRestaurants, { after, last, limit });
      if (rows.length === 0) return [];
      const ids = rows.map(({ id }) => id);
      const versions = await listVersions();
      const [vectors, failures] = await Promise.all([
        readVectors(ids, versions),
        readFailures(ids, versions),
      ]);
      return rows.map(parseAttributes).map(({ id, createdAt, updatedAt, version, views, ...fields }) => ({
        id,
        fields,
        createdAt,
        updatedAt,
        version,
        views,
        vectors: vectors.get(id) ?? [],
        failures: failures.get(id) ?? [],
      }));
    },
    idempotencyKeys: (after, limit) =>
      queries.rows<CopiedIdempotencyKey>(
        `SELECT key, body_hash AS "bodyHash", restaurant, created_at AS "createdAt" FROM idempotency_keys
         WHERE key > :after ORDER BY key LIMIT :limit`,
        { after, limit },
      ),
  };
}
