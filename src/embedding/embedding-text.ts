/** The text of a restaurant that is embedded, and the hash by which a change of it is noticed. */
import { createHash } from 'node:crypto';

/** Part of every model version: raise it when {@link embeddingText} changes, and recompute the stored hashes. */
export const TEXT_TEMPLATE_VERSION = 1;

interface EmbeddedFields {
  readonly name: string;
  readonly cuisineType: string | null;
  readonly description: string | null;
}

/** Name, cuisine and description joined by spaces; null and empty fields are skipped. */
export function embeddingText({ name, cuisineType, description }: EmbeddedFields): string {
  return [name, cuisineType, description].filter(Boolean).join(' ');
}

/** sha-256 of the UTF-8 text, in hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
