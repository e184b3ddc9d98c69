/** What a contract suite needs of the engine that it runs on, and a small catalogue to begin with. */
import type { TestContext } from 'node:test';
import type { StoredModelVersion } from '../../src/catalog/model-version.ts';
import {
  restaurantFieldsSchema,
  type Restaurant,
  type RestaurantFields,
} from '../../src/catalog/restaurant.ts';
import type { Stores } from '../../src/storage/stores.ts';

export interface ContractEngine {
  readonly name: string;
  /** A new, empty database, which is closed and removed after the test. */
  open(t: TestContext): Promise<OpenedEngine>;
}

export interface OpenedEngine {
  readonly stores: Stores;
  /** Opens the same database once more, as another process would; closed after the test. */
  openAnother(): Promise<Stores>;
}

export const contractModel = {
  model: 'contract-model',
  sha256: 'c'.repeat(64),
  templateVersion: 1,
  dimensions: 4,
};

export interface ContractCatalogue extends OpenedEngine {
  readonly modelVersion: StoredModelVersion;
  add(fields: Partial<RestaurantFields> & { readonly name: string }): Promise<Restaurant>;
  /** Stores the vector under the current text; by default a unit vector that depends on the id. */
  embed(id: number, vector?: Float32Array, version?: StoredModelVersion): Promise<void>;
}

export async function openCatalogue(engine: ContractEngine, t: TestContext): Promise<ContractCatalogue> {
  const opened = await engine.open(t);
  const { restaurants, embeddings, modelVersions } = opened.stores;
  const modelVersion = await modelVersions.register(contractModel);
  return {
    ...opened,
    modelVersion,
    add: (fields) => restaurants.create(restaurantFieldsSchema.parse(fields), { modelVersion }),
    async embed(restaurantId, vector = unitVector(restaurantId), version = modelVersion) {
      const source = await embeddings.findSource(restaurantId, version);
      if (!source) throw new Error(`there is no restaurant ${restaurantId}`);
      const { textHash } = source;
      await embeddings.save({ restaurantId, textHash, vector, modelVersion: version });
    },
  };
}

/** float32[4] of unit length: the angle of its first two components is a tenth of a radian per step. */
export function unitVector(step: number): Float32Array {
  return new Float32Array([Math.cos(step / 10), Math.sin(step / 10), 0, 0]);
}

export const idsOf = (items: readonly { readonly id: number }[]) => items.map(({ id }) => id);

export const isCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code;
