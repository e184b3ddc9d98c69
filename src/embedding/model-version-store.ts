/** The port through which model versions are registered. */
import type { ModelVersion, StoredModelVersion } from '../catalog/model-version.ts';

export interface ModelVersionStore {
  /** Registers the version, or finds it again, and makes room for its vectors. Idempotent. */
  register(version: ModelVersion): Promise<StoredModelVersion>;
  /**
   * Drops the vectors and failures of versions other than this one that no row needs any longer. To be called only by
   * the process that holds the model: others may be using theirs.
   */
  dropUnused(inUse: StoredModelVersion): Promise<void>;
}
