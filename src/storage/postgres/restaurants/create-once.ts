/** Creates a restaurant once, even if the request is repeated to another process. */
import { createHash } from 'node:crypto';
import { CatalogError } from '../../../catalog/catalog-error.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Restaurant, RestaurantFields } from '../../../catalog/restaurant.ts';
import type { Database, Queries } from '../connection/database.ts';

const KEPT_MS = 24 * 60 * 60_000;
/** Expired keys that one request removes. */
const MAX_REMOVED = 100;

type Create = (
  queries: Queries,
  fields: RestaurantFields,
  modelVersion: StoredModelVersion | undefined,
) => Promise<Restaurant>;

export function createOnceWrites(database: Database, create: Create, now: () => Date) {
  return (
    fields: RestaurantFields,
    key: string,
    { modelVersion }: { readonly modelVersion: StoredModelVersion | undefined },
  ): Promise<{ restaurant: Restaurant; replayed: boolean }> =>
    database.transaction(async (queries) => {
      const at = now();
      // Serialises requests with the same key.
      await queries.run('SELECT pg_advisory_xact_lock(hashtextextended(:key, 17))', { key });
      await queries.run(
        `DELETE FROM idempotency_keys WHERE key IN (
           SELECT key FROM idempotency_keys WHERE created_at < :oldest
           LIMIT ${MAX_REMOVED} FOR UPDATE SKIP LOCKED)`,
        { oldest: new Date(at.getTime() - KEPT_MS).toISOString() },
      );
      const bodyHash = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
      const known = await queries.row<{ body_hash: string; restaurant: string }>(
        'SELECT body_hash, restaurant FROM idempotency_keys WHERE key = :key',
        { key },
      );
      if (known && known.body_hash !== bodyHash) {
        throw new CatalogError(
          'idempotency-key-reused',
          'This Idempotency-Key was used for another body within a day.',
        );
      }
      if (known) return { restaurant: JSON.parse(known.restaurant) as Restaurant, replayed: true };
      const restaurant = await create(queries, fields, modelVersion);
      await queries.run('INSERT INTO idempotency_keys VALUES (:key, :bodyHash, :restaurant, :at)', {
        key,
        bodyHash,
        restaurant: JSON.stringify(restaurant),
        at: at.toISOString(),
      });
      return { restaurant, replayed: false };
    });
}
