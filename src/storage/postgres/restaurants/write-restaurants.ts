/** Creating, changing and deleting rows, each in one transaction. */
import { CatalogError } from '../../../catalog/catalog-error.ts';
import { equalFields } from '../../../catalog/patch-restaurant.ts';
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Restaurant, RestaurantFields } from '../../../catalog/restaurant.ts';
import type { WriteOptions } from '../../../catalog/restaurant-store.ts';
import { checkCondition, type WriteCondition } from '../../../catalog/write-condition.ts';
import type { Database, Queries } from '../connection/database.ts';
import { isUniqueViolation } from '../connection/storage-errors.ts';
import { findRestaurant } from './find-restaurants.ts';
import { columnNames, toColumnValues, valueOf } from './restaurant-columns.ts';

type Version = StoredModelVersion | undefined;

/** A generated id is taken only if another transaction has just set the same one; then the next is tried. */
const ID_ATTEMPTS = 3;

const insertSql = `
  INSERT INTO restaurants (id, ${columnNames.join(', ')}, created_at, updated_at, version)
  SELECT coalesce(:id::bigint, nextval('restaurants_id_seq')), ${columnNames.map(valueOf).join(', ')}, :at, :at, 1
  RETURNING id`;
const updateSql = `
  UPDATE restaurants SET ${columnNames.map((name) => `${name} = ${valueOf(name)}`).join(', ')},
    updated_at = :at, version = version + 1
  WHERE id = :id`;
/** Generated ids continue after the largest id set by a client. The lock serialises two such writes. */
const lockIds = 'SELECT pg_advisory_xact_lock(2053075969)';
export const advanceIds = `
  SELECT setval('restaurants_id_seq', :id) FROM restaurants_id_seq WHERE last_value < :id`;

export function createRestaurantWrites(database: Database, now: () => Date) {
  async function insertRow(
    queries: Queries,
    id: number | null,
    fields: RestaurantFields,
    version: Version,
  ): Promise<Restaurant> {
    if (id !== null) {
      await queries.run(lockIds);
      await queries.run(advanceIds, { id });
    }
    const row = await rejectTakenId(fields, () =>
      queries.row<{ id: number }>(insertSql, { id, ...toColumnValues(fields), at: now().toISOString() }),
    );
    return existing(queries, row?.id ?? 0, version);
  }

  async function replace(
    queries: Queries,
    current: Restaurant,
    fields: RestaurantFields,
    version: Version,
  ): Promise<Restaurant> {
    if (equalFields(current, fields)) return current;
    await rejectTakenId(fields, () =>
      queries.run(updateSql, { id: current.id, ...toColumnValues(fields), at: now().toISOString() }),
    );
    return existing(queries, current.id, version);
  }

  async function create(queries: Queries, fields: RestaurantFields, version: Version): Promise<Restaurant> {
    return insertRow(queries, null, fields, version);
  }

  return {
    /** Within a transaction of the caller. */
    createIn: create,
    async create(fields: RestaurantFields, { modelVersion }: Pick<WriteOptions, 'modelVersion'>) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await database.transaction((queries) => create(queries, fields, modelVersion));
        } catch (error) {
          if (attempts === ID_ATTEMPTS || !isUniqueViolation(error, 'restaurants_pkey')) throw error;
        }
      }
    },
    put: (id: number, fields: RestaurantFields, { modelVersion, condition = {} }: WriteOptions) =>
      database.transaction(async (queries) => {
        // A row that does not exist cannot be locked, so its id is.
        await queries.run('SELECT pg_advisory_xact_lock(:id)', { id });
        const current = await lockedRow(queries, id, modelVersion);
        checkCondition(current, condition);
        return current
          ? { restaurant: await replace(queries, current, fields, modelVersion), created: false }
          : { restaurant: await insertRow(queries, id, fields, modelVersion), created: true };
      }),
    update: (
      id: number,
      change: (current: Restaurant) => RestaurantFields,
      { modelVersion, condition = {} }: WriteOptions,
    ) =>
      database.transaction(async (queries) => {
        const current = required(id, await lockedRow(queries, id, modelVersion));
        checkCondition(current, condition);
        return replace(queries, current, change(current), modelVersion);
      }),
    delete: (id: number, condition: WriteCondition = {}) =>
      database.transaction(async (queries) => {
        checkCondition(required(id, await lockedRow(queries, id, undefined)), condition);
        await queries.run('DELETE FROM restaurants WHERE id = :id', { id });
      }),
  };
}

/** Reads the row and locks it until the transaction ends. */
async function lockedRow(queries: Queries, id: number, version: Version): Promise<Restaurant | undefined> {
  const locked = await queries.row('SELECT 1 FROM restaurants WHERE id = :id FOR UPDATE', { id });
  return locked === undefined ? undefined : findRestaurant(queries, id, version);
}

async function existing(queries: Queries, id: number, version: Version): Promise<Restaurant> {
  return required(id, await findRestaurant(queries, id, version));
}

function required(id: number, restaurant: Restaurant | undefined): Restaurant {
  if (!restaurant) throw new CatalogError('not-found', `There is no restaurant with id ${id}.`);
  return restaurant;
}

async function rejectTakenId<T>(fields: RestaurantFields, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error, 'restaurants_external_id')) throw error;
    throw new CatalogError(
      'external-id-taken',
      `The externalId ${JSON.stringify(fields.externalId)} is in use.`,
    );
  }
}
