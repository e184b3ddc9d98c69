/**
 * The LeaseStore port on SQLite. A lock guarantees that only one process runs the model on a database file, so leases
 * are kept in the memory of that process.
 */
import type { LeaseStore } from '../../../embedding/lease-store.ts';

/** `now` in ms, monotonic. */
export function createLeaseStore(now: () => number = () => performance.now()): LeaseStore {
  const leases = new Map<string, { readonly holder: string; readonly expiresAt: number }>();

  const heldBy = (name: string) => {
    const lease = leases.get(name);
    return lease && lease.expiresAt > now() ? lease.holder : undefined;
  };
  const grant = (name: string, holder: string, ttlMs: number) => {
    leases.set(name, { holder, expiresAt: now() + ttlMs });
    return true;
  };

  return {
    acquire: async (name, holder, ttlMs) =>
      [undefined, holder].includes(heldBy(name)) && grant(name, holder, ttlMs),
    renew: async (name, holder, ttlMs) => heldBy(name) === holder && grant(name, holder, ttlMs),
    release: async (name, holder) => void (heldBy(name) === holder && leases.delete(name)),
  };
}
