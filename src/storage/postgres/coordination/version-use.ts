/** Announces to other processes which model version this one uses, while it is alive. */
import type { LeaseStore } from '../../../embedding/lease-store.ts';
import { versionLease } from '../embeddings/model-versions.ts';

const TTL_MS = 60_000;
const RENEW_MS = 15_000;

export interface VersionUse {
  announce(modelVersionId: number): Promise<void>;
  close(): Promise<void>;
}

export function createVersionUse(leases: LeaseStore, instance: string): VersionUse {
  let name: string | undefined;
  // A crash of the server loses the lease, so it is acquired again and not only renewed.
  const acquire = async (): Promise<void> => {
    if (name !== undefined) await leases.acquire(name, instance, TTL_MS);
  };
  const timer = setInterval(() => void acquire().catch(() => {}), RENEW_MS).unref();

  return {
    async announce(modelVersionId) {
      const earlier = name;
      name = versionLease(modelVersionId, instance);
      await acquire();
      if (earlier !== undefined && earlier !== name) await leases.release(earlier, instance);
    },
    async close() {
      clearInterval(timer);
      if (name !== undefined) await leases.release(name, instance).catch(() => {});
    },
  };
}
