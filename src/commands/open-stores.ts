/** Opens the database and everything that stands on it. */
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { Config } from '../config.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import { createCurrentGeneration } from '../store/current-generation.ts';
import { createEmbeddingStore } from '../store/embedding-store.ts';
import { openDatabase } from '../store/open-database.ts';
import { createRestaurantStore } from '../store/restaurant-store.ts';

export interface Stores {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  close(): void;
}

export function openStores({ databasePath }: Pick<Config, 'databasePath'>): Stores {
  const database = openDatabase(databasePath);
  const current = createCurrentGeneration();
  return {
    restaurants: createRestaurantStore(database, current),
    embeddings: createEmbeddingStore(database, current),
    close: () => database.close(),
  };
}
