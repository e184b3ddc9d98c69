/** The text of a restaurant and the state of its embedding, as both engines select them. */
import type { EmbeddingFailure, EmbeddingSource } from '../../embedding/embedding-store.ts';
import { embeddingText } from '../../embedding/embedding-text.ts';

export interface SourceRow {
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
  readonly text_hash: string;
  readonly status: string;
  readonly reason: EmbeddingFailure['reason'];
  readonly detail: string;
  readonly attempts: number;
  readonly failed_at: string;
  readonly retry_at: string;
}

export function toSource(restaurantId: number, row: SourceRow): EmbeddingSource {
  const { reason, detail, attempts, failed_at: failedAt, retry_at: retryAt } = row;
  return {
    restaurantId,
    text: embeddingText({ name: row.name, cuisineType: row.cuisine_type, description: row.description }),
    textHash: row.text_hash,
    ready: row.status === 'ready',
    failure: row.status === 'failed' ? { reason, detail, attempts, failedAt, retryAt } : undefined,
  };
}
