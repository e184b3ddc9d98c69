/** Claims of texts: of the processes that share a database, one computes the vector of a text. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddingStore } from '../../../embedding/embedding-store.ts';
import type { Queries } from '../connection/database.ts';
import { claimName } from './claim-name.ts';
import { createLeaseStore } from './leases.ts';

/** The time an inference takes at least: looking more often would not find the vector sooner. */
const LOOK_EVERY_MS = 20;

type TextClaims = Pick<EmbeddingStore, 'claimText' | 'releaseText' | 'waitForText'>;

/** `instance` identifies this process. */
export function createTextClaims(queries: Queries, instance: string): TextClaims {
  const leases = createLeaseStore(queries);

  async function isClaimedElsewhere(name: string): Promise<boolean> {
    const claim = await queries.row(
      'SELECT 1 FROM leases WHERE name = :name AND holder <> :instance AND expires_at > clock_timestamp()',
      { name, instance },
    );
    return claim !== undefined;
  }

  return {
    claimText: (textHash, modelVersion, ttlMs) =>
      leases.acquire(claimName(textHash, modelVersion), instance, ttlMs),
    releaseText: (textHash, modelVersion) => leases.release(claimName(textHash, modelVersion), instance),
    async waitForText(textHash, modelVersion, waitMs) {
      const name = claimName(textHash, modelVersion);
      const deadline = performance.now() + waitMs;
      while (performance.now() < deadline && (await isClaimedElsewhere(name))) await sleep(LOOK_EVERY_MS);
    },
  };
}
