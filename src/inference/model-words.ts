/** The words of the model's own vocabulary, which serve as a dictionary of its languages. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Looks for the word as a key in `tokenizer.json`, without parsing it: that would take 10 MB to answer a question that
 * is only asked about words that the catalogue does not have. Without a readable model no word is known.
 */
export function createModelWords(modelDir: string): { has(word: string): Promise<boolean> } {
  return {
    async has(word) {
      const file = await readFile(join(modelDir, 'tokenizer.json')).catch(() => undefined);
      return file?.includes(`${JSON.stringify(word)}:`) === true;
    },
  };
}
