/** The port through which the service knows how it stands with memory. */

export interface MemoryStatus {
  readonly limitBytes: number;
  /** What cannot be dropped by the kernel, page cache left out. */
  readonly usedBytes: number;
  /** Where the limit comes from. */
  readonly source: 'cgroup-v2' | 'cgroup-v1' | 'machine' | 'configured';
  /** New vector work is being refused. */
  readonly refusing: boolean;
  /** This process and that of the model; resident bytes, and those of them that are anonymous. */
  readonly service: ProcessBytes;
  readonly model: ProcessBytes;
}

export interface ProcessBytes {
  readonly rssBytes: number;
  readonly anonymousBytes: number;
}

export interface MemoryControl {
  /** True while nothing more can be given back and it is still too much. */
  isRefusing(): boolean;
  status(): MemoryStatus;
}
