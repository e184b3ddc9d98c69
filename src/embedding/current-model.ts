/** The model version in use: its one owner. A request reads it once and passes it on. */
import type { ModelVersion, StoredModelVersion } from '../catalog/model-version.ts';
import type { ModelVersionStore } from './model-version-store.ts';

export interface CurrentModel {
  /** Undefined while no model can be identified. */
  version(): StoredModelVersion | undefined;
}

export interface MutableCurrentModel extends CurrentModel {
  /** Registers the version and makes it the one in use. Rejects with a `StorageError`; the earlier one stays then. */
  use(version: ModelVersion): Promise<StoredModelVersion>;
}

export function createCurrentModel(modelVersions: Pick<ModelVersionStore, 'register'>): MutableCurrentModel {
  let inUse: StoredModelVersion | undefined;
  return {
    version: () => inUse,
    async use(version) {
      inUse = await modelVersions.register(version);
      return inUse;
    },
  };
}
