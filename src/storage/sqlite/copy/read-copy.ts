/** Reading whole restaurants, with their vectors and failures, for a copy. */
import type { Database } from 'better-sqlite3';
import { parseAttributes, type WithJson } from '../../rows/restaurant-row.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import type {
  CopiedFailure,
  CopiedIdempotencyKey,
  CopiedRestaurant,
  CopiedVector,
  CopyReader,
} from '../../../transfer/copy-store.ts';
import { listVectorTables } from '../embeddings/drop-versions.ts';
import { createVectorChunks } from '../embeddings/vector-chunks.ts';

type RestaurantRow = WithJson<RestaurantFields> & Omit<CopiedRestaurant, 'fields' | 'vectors' | 'failures'>;
type FailureRow = Omit<CopiedFailure, 'modelVersion'> & { readonly id: number; readonly versionId: number };

const amongIds = 'restaurant_id IN (SELECT value FROM json_each(:ids))';

export function createCopyReader(database: Database): CopyReader {
  const chunks = createVectorChunks(database);
  const countRows = database.prepare('SELECT count(*) FROM restaurants').pluck();
  const selectLastId = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'restaurants'`).pluck();
  const selectRestaurants = database.prepare(
    `SELECT id, created_at AS createdAt, updated_at AS updatedAt, version, view_count AS views,
            external_id AS externalId, name, cuisine_type AS cuisineType, description, rating,
            price_level AS priceLevel, location, latitude, longitude, attributes
     FROM restaurants WHERE id > :after AND id <= :last ORDER BY id LIMIT :limit`,
  );
  const selectVersions = database.prepare(
    'SELECT id, model, sha256, template_version AS templateVersion, dimensions FROM model_versions',
  );
  const selectRecords = database.prepare(
    `SELECT restaurant_id AS id, text_hash AS textHash, created_at AS createdAt
     FROM embeddings WHERE model_version_id = :versionId AND ${amongIds}`,
  );
  const selectFailures = database.prepare(
    `SELECT restaurant_id AS id, model_version_id AS versionId, text_hash AS textHash, reason, detail, attempts,
            failed_at AS failedAt, retry_at AS retryAt
     FROM embedding_failures WHERE ${amongIds}`,
  );
  const selectKeys = database.prepare(
    `SELECT key, body_hash AS bodyHash, restaurant, created_at AS createdAt FROM idempotency_keys
     WHERE key > :after ORDER BY key LIMIT :limit`,
  );

  function listVersions(): StoredModelVersion[] {
    const tables = new Set(listVectorTables(database));
    return (selectVersions.all() as StoredModelVersion[]).filter(({ id }) => tables.has(id));
  }

  function readVectors(ids: readonly number[], versions: readonly StoredModelVersion[]) {
    const byRow = new Map<number, CopiedVector[]>();
    for (const version of versions) {
      const { id: versionId, ...modelVersion } = version;
      const records = selectRecords.all({ versionId, ids: JSON.stringify(ids) }) as {
        id: number;
        textHash: string;
        createdAt: string;
      }[];
      const vectors = new Map(chunks.read(version, ids).map(({ id, vector }) => [id, vector]));
      for (const { id, ...record } of records) {
        const vector = vectors.get(id);
        if (vector) addTo(byRow, id, { modelVersion, ...record, vector });
      }
    }
    return byRow;
  }

  function readFailures(ids: readonly number[], versions: readonly StoredModelVersion[]) {
    const known = new Map(versions.map(({ id, ...version }) => [id, version]));
    const byRow = new Map<number, CopiedFailure[]>();
    for (const { id, versionId, ...failure } of selectFailures.all({
      ids: JSON.stringify(ids),
    }) as FailureRow[]) {
      const modelVersion = known.get(versionId);
      if (modelVersion) addTo(byRow, id, { ...failure, modelVersion });
    }
    return byRow;
  }

  return {
    count: async () => countRows.get() as number,
    lastId: async () => (selectLastId.get() as number | undefined) ?? 0,
    async restaurants({ after, last = Number.MAX_SAFE_INTEGER, limit = 1_000 }) {
      const rows = selectRestaurants.all({ after, last: BigInt(last), limit }) as RestaurantRow[];
      const ids = rows.map(({ id }) => id);
      const versions = listVersions();
      const vectors = readVectors(ids, versions);
      const failures = readFailures(ids, versions);
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
    idempotencyKeys: async (after, limit) => selectKeys.all({ after, limit }) as CopiedIdempotencyKey[],
  };
}

function addTo<Value>(lists: Map<number, Value[]>, id: number, value: Value): void {
  const own = lists.get(id);
  if (own) own.push(value);
  else lists.set(id, [value]);
}
