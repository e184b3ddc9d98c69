/** Reading restaurants by id. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';
import type { Restaurant } from '../../../catalog/restaurant.ts';
import { toRestaurant, type RestaurantRow } from '../../rows/restaurant-row.ts';
import type { Queries } from '../connection/database.ts';
import { selectRestaurants } from './restaurant-row.ts';

export async function findRestaurant(
  queries: Queries,
  id: number,
  modelVersion: StoredModelVersion | undefined,
): Promise<Restaurant | undefined> {
  const row = await queries.row<RestaurantRow>(`${selectRestaurants} WHERE r.id = :id`, {
    id,
    modelVersion: modelVersion?.id ?? 0,
  });
  return row && toRestaurant(row);
}

export async function findByExternalIds(
  queries: Queries,
  externalIds: readonly string[],
  modelVersion: StoredModelVersion | undefined,
): Promise<Restaurant[]> {
  const rows = await queries.rows<RestaurantRow>(
    `${selectRestaurants} WHERE r.external_id = ANY(:externalIds::text[])`,
    { externalIds, modelVersion: modelVersion?.id ?? 0 },
  );
  return rows.map(toRestaurant);
}

export async function findRestaurants(
  queries: Queries,
  ids: readonly number[],
  modelVersion: StoredModelVersion | undefined,
): Promise<Restaurant[]> {
  const rows = await queries.rows<RestaurantRow>(`${selectRestaurants} WHERE r.id = ANY(:ids::bigint[])`, {
    ids,
    modelVersion: modelVersion?.id ?? 0,
  });
  return rows.map(toRestaurant);
}
