/** The model's vocabulary as a dictionary of its languages. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';

/** Reading and searching the file takes half a millisecond. */
const MAX_ANSWERS = 1_000;

/**
 * Looks for the word as a key in `tokenizer.json` without parsing it, which would take 10 MB; only words that the
 * catalogue does not have are looked up. Without a readable model no word is known.
 */
export function createModelWords(modelDir: string): { has(word: string): Promise<boolean> } {
  const answers = new LRUCache<string, boolean>({ max: MAX_ANSWERS });
  return {
    async has(word) {
      const known = answers.get(word);
      if (known !== undefined) return known;
      const file = await readFile(join(modelDir, 'tokenizer.json')).catch(() => undefined);
      const found = file?.includes(`${JSON.stringify(word)}:`) === true;
      if (file) answers.set(word, found);
      return found;
    },
  };
}
