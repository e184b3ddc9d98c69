/** Loads the sample catalogue into an empty database, without vectors. */
import { readFile } from 'node:fs/promises';
import { restaurantFieldsSchema } from '../catalog/restaurant.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';

/** The file lies beside `dist/`, in the repository and in the bundle alike. */
const sampleFile = new URL('../../../data/restaurants.ndjson', import.meta.url);

/** Gives how many restaurants were loaded: none when the catalogue is not empty. */
export async function loadSampleData(restaurants: RestaurantStore): Promise<number> {
  if ((await restaurants.count()) > 0) return 0;
  const lines = (await readFile(sampleFile, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    await restaurants.create(restaurantFieldsSchema.parse(JSON.parse(line)), { modelVersion: undefined });
  }
  return lines.length;
}
