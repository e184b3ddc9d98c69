/** Every contract suite, for an engine to run. */
import { describeCoordinationContract } from './coordination.ts';
import { describeEmbeddingStoreContract } from './embedding-store.ts';
import type { ContractEngine } from './engine.ts';
import { describeFindingContract } from './finding.ts';
import { describeModelVersionStoreContract } from './model-version-store.ts';
import { describeNearestNeighboursContract } from './nearest-neighbours.ts';
import { describeRestaurantListContract } from './restaurant-lists.ts';
import { describeRestaurantStoreContract } from './restaurant-store.ts';
import { describeSearchStoreContract } from './search-store.ts';
import { describeTransferStoresContract } from './transfer-stores.ts';

export function describeStorageContract(engine: ContractEngine): void {
  describeRestaurantStoreContract(engine);
  describeRestaurantListContract(engine);
  describeFindingContract(engine);
  describeEmbeddingStoreContract(engine);
  describeModelVersionStoreContract(engine);
  describeSearchStoreContract(engine);
  describeNearestNeighboursContract(engine);
  describeTransferStoresContract(engine);
  describeCoordinationContract(engine);
}
