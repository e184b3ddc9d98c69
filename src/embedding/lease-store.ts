/** Leases: at most one process of those that share a database does a piece of work at a time. */

export interface LeaseStore {
  /** True when `holder` has the lease now: it was free, expired, or already its own. It expires after `ttlMs`. */
  acquire(name: string, holder: string, ttlMs: number): Promise<boolean>;
  /** Extends the lease; false when `holder` no longer has it, and has to stop the work. */
  renew(name: string, holder: string, ttlMs: number): Promise<boolean>;
  /** Frees the lease if `holder` has it. */
  release(name: string, holder: string): Promise<void>;
}
