/** Holds the model version in use. A request reads it once and passes it on. */
import type { ModelVersion, StoredModelVersion } from '../catalog/model-version.ts';
import { TEXT_TEMPLATE_VERSION } from './embedding-text.ts';
import type { EmbedderModel } from './embedder.ts';
import { EmbeddingError } from './embedding-error.ts';
import type { ModelVersionStore } from './model-version-store.ts';

export interface CurrentModel {
  /** Undefined while no model has been identified. */
  version(): StoredModelVersion | undefined;
}

export interface MutableCurrentModel extends CurrentModel {
  /** Registers the version and makes it the one in use. Rejects with a `StorageError`; the earlier one stays then. */
  use(version: ModelVersion): Promise<StoredModelVersion>;
  /**
   * Registers the version of vectors that this model makes with the current text template, and makes it the one in use.
   * Does nothing if it already is. Rejects with `not-stored` when it cannot be registered.
   */
  versionOf(model: EmbedderModel): Promise<StoredModelVersion>;
}

/** `onChange` is called after another version was registered and is in use. */
export function createCurrentModel(
  modelVersions: Pick<ModelVersionStore, 'register'>,
  onChange: (version: StoredModelVersion) => Promise<void> = async () => {},
): MutableCurrentModel {
  let inUse: StoredModelVersion | undefined;

  async function use(version: ModelVersion): Promise<StoredModelVersion> {
    const stored = await modelVersions.register(version);
    const isOther = stored.id !== inUse?.id;
    inUse = stored;
    if (isOther) await onChange(stored);
    return stored;
  }

  return {
    version: () => inUse,
    use,
    async versionOf({ model, sha256, dimensions }) {
      if (inUse?.sha256 === sha256 && inUse.templateVersion === TEXT_TEMPLATE_VERSION) return inUse;
      try {
        return await use({ model, sha256, dimensions, templateVersion: TEXT_TEMPLATE_VERSION });
      } catch (error) {
        throw new EmbeddingError('not-stored', `the model cannot be registered: ${(error as Error).message}`);
      }
    },
  };
}
