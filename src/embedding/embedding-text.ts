/** The text that stands for a restaurant before the model, and the hash that tells when it changed. */
import { createHash } from 'node:crypto';

/** Part of every model version: raise it when {@link embeddingText} changes, and recompute the stored hashes. */
export const TEXT_TEMPLATE_VERSION = 1;

interface EmbeddedFields {
  readonly name: string;
  readonly cuisineType: string | null;
  readonly description: string | null;
}

/** Name, cuisine and description joined by a space; what is null or empty leaves no gap. */
export function embeddingText({ name, cuisineType, description }: EmbeddedFields): string {
  return [name, cuisineType, description].filter(Boolean).join(' ');
}

/** sha-256 of the UTF-8 text, in hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
