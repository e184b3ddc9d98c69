/** The port to the memory governor. */

export interface MemoryStatus {
  readonly limitBytes: number;
  /** What the kernel cannot reclaim; the page cache is not counted. */
  readonly usedBytes: number;
  /** Where the limit comes from. */
  readonly source: 'cgroup-v2' | 'cgroup-v1' | 'machine' | 'configured';
  /** True while new vector work is rejected. */
  readonly refusing: boolean;
  /** This process and the model process. */
  readonly service: ProcessBytes;
  readonly model: ProcessBytes;
}

export interface ProcessBytes {
  readonly rssBytes: number;
  readonly anonymousBytes: number;
}

export interface MemoryControl {
  /** True while use is too high and nothing is left to release. */
  isRefusing(): boolean;
  status(): MemoryStatus;
}
