/** Claims of texts: of the processes that share a database, one computes the vector of a text. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddingStore } from '../../../embedding/embedding-store.ts';
import { applicationName } from '../connection/open-pool.ts';
import type { Queries } from '../connection/database.ts';
import { claimName } from './claim-name.ts';
import { createLeaseStore } from './leases.ts';

/** Interval of checks for the end of another process's claim: about the time of an inference. */
const LOOK_EVERY_MS = 20;

type TextClaims = Pick<EmbeddingStore, 'claimText' | 'releaseText' | 'waitForText'>;

/** A claim ends at its expiry, and before that with the last connection of its process. */
const isOver = `(l.expires_at <= clock_timestamp()
  OR NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = '${applicationName('')}' || l.holder))`;

/** `instance` identifies this process; its connections carry {@link applicationName} of it. */
export function createTextClaims(queries: Queries, instance: string): TextClaims {
  const { release } = createLeaseStore(queries);

  async function claim(name: string, ttlMs: number): Promise<boolean> {
    const claimed = await queries.run(
      `INSERT INTO leases AS l (name, holder, expires_at)
       VALUES (:name, :instance, clock_timestamp() + :ttlMs * interval '1 millisecond')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
       WHERE l.holder = excluded.holder OR ${isOver}`,
      { name, instance, ttlMs },
    );
    return claimed === 1;
  }

  async function isClaimedElsewhere(name: string): Promise<boolean> {
    const claimed = await queries.row(
      `SELECT 1 FROM leases l WHERE name = :name AND holder <> :instance AND NOT ${isOver}`,
      { name, instance },
    );
    return claimed !== undefined;
  }

  return {
    async claimText(textHash, modelVersion, ttlMs) {
      const name = claimName(textHash, modelVersion);
      if (!(await claim(name, ttlMs))) return false;
      // The vector may have been saved, and its claim ended, since the caller looked for it.
      const saved = await queries.row(
        `SELECT 1 FROM embeddings WHERE model_version_id = :id AND text_hash = decode(:textHash, 'hex') LIMIT 1`,
        { id: modelVersion.id, textHash },
      );
      if (saved !== undefined) await release(name, instance);
      return saved === undefined;
    },
    releaseText: (textHash, modelVersion) => release(claimName(textHash, modelVersion), instance),
    async waitForText(textHash, modelVersion, waitMs) {
      const name = claimName(textHash, modelVersion);
      const deadline = performance.now() + waitMs;
      while (performance.now() < deadline && (await isClaimedElsewhere(name))) await sleep(LOOK_EVERY_MS);
    },
  };
}
