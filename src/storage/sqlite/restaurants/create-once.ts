/** Creates a restaurant once, even if the request is repeated: key, response and row in one transaction. */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { CatalogError } from '../../../catalog/catalog-error.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Restaurant, RestaurantFields } from '../../../catalog/restaurant.ts';

const KEPT_MS = 24 * 60 * 60_000;

export function createOnceWrites(
  database: Database,
  create: (fields: RestaurantFields, modelVersion: StoredModelVersion | undefined) => Restaurant,
  now: () => Date,
) {
  const select = database.prepare(
    'SELECT body_hash AS bodyHash, restaurant FROM idempotency_keys WHERE key = ?',
  );
  const insert = database.prepare('INSERT INTO idempotency_keys VALUES (:key, :bodyHash, :restaurant, :at)');
  const forget = database.prepare('DELETE FROM idempotency_keys WHERE created_at < ?');

  return database.transaction(
    (fields: RestaurantFields, key: string, modelVersion: StoredModelVersion | undefined) => {
      const at = now();
      forget.run(new Date(at.getTime() - KEPT_MS).toISOString());
      const bodyHash = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
      const known = select.get(key) as { bodyHash: string; restaurant: string } | undefined;
      if (known && known.bodyHash !== bodyHash) {
        throw new CatalogError(
          'idempotency-key-reused',
          'This Idempotency-Key was used for another body within a day.',
        );
      }
      if (known) return { restaurant: JSON.parse(known.restaurant) as Restaurant, replayed: true };
      const restaurant = create(fields, modelVersion);
      insert.run({ key, bodyHash, restaurant: JSON.stringify(restaurant), at: at.toISOString() });
      return { restaurant, replayed: false };
    },
  ).immediate;
}
