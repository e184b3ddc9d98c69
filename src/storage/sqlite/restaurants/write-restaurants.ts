/** Creating, changing and deleting rows, each in one transaction. */
import type { Database } from 'better-sqlite3';
import { CatalogError } from '../../../catalog/catalog-error.ts';
import { equalFields } from '../../../catalog/patch-restaurant.ts';
import type { Restaurant, RestaurantFields } from '../../../catalog/restaurant.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { WriteOptions } from '../../../catalog/restaurant-store.ts';
import { checkCondition, type WriteCondition } from '../../../catalog/write-condition.ts';
import { toStoredColumns } from './content-hash.ts';

const columns = [
  'external_id',
  'name',
  'cuisine_type',
  'description',
  'rating',
  'price_level',
  'location',
  'latitude',
  'longitude',
  'attributes',
  'name_folded',
  'cuisine_folded',
  'location_folded',
  'text_hash',
  'content_hash',
] as const;

/** Binds the columns, `:id` (or null for the next one) and `:at`. */
export const insertRestaurantSql = `
  INSERT INTO restaurants (id, ${columns.join(', ')}, created_at, updated_at, version)
  VALUES (:id, ${columns.map((column) => `:${column}`).join(', ')}, :at, :at, 1)`;

/** Binds the columns, `:id` and `:at`. */
export const updateRestaurantSql = `
  UPDATE restaurants SET ${columns.map((column) => `${column} = :${column}`).join(', ')},
    updated_at = :at, version = version + 1
  WHERE id = :id`;

type Version = StoredModelVersion | undefined;
type Find = (id: number, modelVersion: Version) => Restaurant | undefined;

export function createRestaurantWrites(database: Database, find: Find, now: () => Date) {
  const insert = database.prepare(insertRestaurantSql);
  const update = database.prepare(updateRestaurantSql);
  const versionsOf = database
    .prepare('SELECT model_version_id FROM embeddings WHERE restaurant_id = ?')
    .pluck();
  const deleteFailures = database.prepare('DELETE FROM embedding_failures WHERE restaurant_id = ?');
  const deleteEmbeddings = database.prepare('DELETE FROM embeddings WHERE restaurant_id = ?');
  const deleteRow = database.prepare('DELETE FROM restaurants WHERE id = ?');

  function insertRow(id: number | null, fields: RestaurantFields, modelVersion: Version): Restaurant {
    const at = now().toISOString();
    const { lastInsertRowid } = rejectTakenId(fields, () =>
      insert.run({ id, ...toStoredColumns(fields), at }),
    );
    return existing(Number(lastInsertRowid), modelVersion);
  }

  function existing(id: number, modelVersion: Version): Restaurant {
    const restaurant = find(id, modelVersion);
    if (!restaurant) throw new CatalogError('not-found', `There is no restaurant with id ${id}.`);
    return restaurant;
  }

  function checked(id: number, condition: WriteCondition, modelVersion: Version): Restaurant {
    const restaurant = existing(id, modelVersion);
    checkCondition(restaurant, condition);
    return restaurant;
  }

  function replace(current: Restaurant, fields: RestaurantFields, modelVersion: Version): Restaurant {
    if (equalFields(current, fields)) return current;
    rejectTakenId(fields, () =>
      update.run({ id: current.id, ...toStoredColumns(fields), at: now().toISOString() }),
    );
    return existing(current.id, modelVersion);
  }

  return {
    create: database.transaction((fields: RestaurantFields, modelVersion: Version) =>
      insertRow(null, fields, modelVersion),
    ).immediate,
    put: database.transaction(
      (id: number, fields: RestaurantFields, { condition = {}, modelVersion }: WriteOptions) => {
        const current = find(id, modelVersion);
        checkCondition(current, condition);
        return current
          ? { restaurant: replace(current, fields, modelVersion), created: false }
          : { restaurant: insertRow(id, fields, modelVersion), created: true };
      },
    ).immediate,
    update: database.transaction(
      (
        id: number,
        change: (current: Restaurant) => RestaurantFields,
        { condition = {}, modelVersion }: WriteOptions,
      ) => {
        const current = checked(id, condition, modelVersion);
        return replace(current, change(current), modelVersion);
      },
    ).immediate,
    delete: database.transaction((id: number, condition: WriteCondition = {}) => {
      checked(id, condition, undefined);
      for (const version of versionsOf.all(id) as number[])
        database.prepare(`DELETE FROM vectors_${version} WHERE rowid = ?`).run(BigInt(id));
      deleteEmbeddings.run(id);
      deleteFailures.run(id);
      deleteRow.run(id);
    }).immediate,
  };
}

function rejectTakenId<T>(fields: RestaurantFields, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new CatalogError(
      'external-id-taken',
      `The externalId ${JSON.stringify(fields.externalId)} is in use.`,
    );
  }
}
