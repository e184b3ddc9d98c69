/** Tells the other processes which model version this one uses, for as long as it runs. */
import type { Queries } from '../connection/database.ts';

/** Longer than the database may be away: until then a version is kept for a process that was killed. */
const TTL_MS = 10 * 60_000;
const RENEW_MS = 60_000;

export interface VersionUse {
  announce(modelVersionId: number): Promise<void>;
  close(): Promise<void>;
}

export function createVersionUse(queries: Queries, instance: string): VersionUse {
  let used: number | undefined;

  /** Renews the use of `id`, and ends that of every other version. */
  async function store(id: number): Promise<void> {
    await queries.run(
      `WITH ended AS (
         DELETE FROM model_version_uses
         WHERE (instance = :instance AND model_version_id <> :id) OR expires_at <= clock_timestamp())
       INSERT INTO model_version_uses (model_version_id, instance, expires_at)
       VALUES (:id, :instance, clock_timestamp() + ${TTL_MS} * interval '1 millisecond')
       ON CONFLICT (model_version_id, instance) DO UPDATE SET expires_at = excluded.expires_at`,
      { id, instance },
    );
  }

  const timer = setInterval(() => {
    if (used !== undefined) store(used).catch(() => {});
  }, RENEW_MS).unref();

  return {
    async announce(modelVersionId) {
      used = modelVersionId;
      await store(modelVersionId);
    },
    async close() {
      clearInterval(timer);
      if (used === undefined) return;
      await queries
        .run('DELETE FROM model_version_uses WHERE instance = :instance', { instance })
        .catch(() => {});
    },
  };
}
