/** Everything that a storage engine provides. Engines live beside this file; nothing outside storage/ knows which one is open. */
import type { ChangeLog } from '../catalog/change-log.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { ChangeFeed } from '../embedding/change-feed.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import type { LeaseStore } from '../embedding/lease-store.ts';
import type { ModelVersionStore } from '../embedding/model-version-store.ts';
import type { SettingStore } from '../embedding/setting-store.ts';
import type { NearestNeighbours } from '../search/nearest-neighbours.ts';
import type { SearchStore } from '../search/search-store.ts';
import type { Vocabulary } from '../search/vocabulary.ts';
import type { VectorMap } from '../search/vector-map.ts';
import type { ExportStore } from '../transfer/export-store.ts';
import type { ImportStore } from '../transfer/import-restaurants.ts';
import type { VectorPackStore } from '../transfer/vector-pack.ts';

export interface StorageStatistics {
  /** Size of the write-ahead log; undefined where the engine runs on another machine. */
  readonly walBytes: number | undefined;
}

/** Every call rejects with a `StorageError` when the database cannot do it, and with nothing of the engine's own. */
export interface Stores {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  readonly modelVersions: ModelVersionStore;
  readonly search: SearchStore;
  readonly vocabulary: Vocabulary;
  /**
   * Completes the keyword index of a database of an earlier release, in small steps; searches continue meanwhile.
   * Resolves when it is complete, or when the stores are closed.
   */
  completeSearchIndex(): Promise<void>;
  readonly neighbours: NearestNeighbours;
  readonly map: VectorMap;
  readonly changeLog: ChangeLog;
  readonly imports: ImportStore;
  readonly exports: ExportStore;
  /** Vectors by the hash of their text, for vector packs. */
  readonly vectors: VectorPackStore;
  readonly settings: SettingStore;
  readonly leases: LeaseStore;
  readonly changes: ChangeFeed;
  /**
   * Identifies this process among those that serve the same database; undefined where no other can. Exclusive work needs
   * a lease where there is one.
   */
  readonly instance: string | undefined;
  /** Rejects when the database, as it lies on the disk, cannot be read; what is cached does not count. */
  checkReadable(): Promise<void>;
  statistics(): Promise<StorageStatistics>;
  /**
   * Writes a checked copy of the database to a new file, while it is in use; undefined where the engine has tools of
   * its own.
   */
  readonly backUp: ((path: string) => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** What this process intends to do with the database, and what the engine may use of its memory. */
export interface OpenStoresOptions {
  /**
   * Makes this process the one that runs the model on this database, until it is closed. When another one is, opening
   * fails with a `StorageError` of code `busy` and this message.
   */
  readonly exclusiveModel?: { readonly rejection?: string };
  /** Asked before vectors are loaded into memory, with the bytes that they will take. */
  readonly mayAllocate?: (bytes: number) => boolean;
  /** Called when vectors cannot be loaded into memory; searches continue without them. */
  readonly onFillError?: (error: Error) => void;
  /** Called with the reason when vectors have to be read the slow way. */
  readonly onSlowVectors?: (reason: string) => void;
  /** Called when the search index cannot be updated now; a later search tries again. */
  readonly onIndexError?: (error: unknown) => void;
  /** How long a write may wait for another process, in ms. */
  readonly busyTimeoutMs?: number;
}
