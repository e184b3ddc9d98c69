/** Words of the other language that mean the same, from a table made with the default model. */
import { readFileSync } from 'node:fs';

/** Lines `word translation …`, sorted; made by `scripts/word-translations.mjs`. Read at the first query. */
let table: Buffer | undefined;

const NEW_LINE = 10;

/** Folded translations of a folded word, the nearest first; empty when the table does not have it. */
export function translationsOf(word: string): readonly string[] {
  table ??= readFileSync(new URL('./translations.txt', import.meta.url));
  // Binary search over the bytes: as strings the table would take ten times the memory.
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = table.lastIndexOf(NEW_LINE, middle - 1) + 1;
    const end = table.indexOf(NEW_LINE, start);
    const [own = '', ...translations] = table.toString('latin1', start, end).split(' ');
    if (own === word) return translations;
    if (own < word) low = end + 1;
    else high = Math.max(low, start - 1);
    if (start === low && high <= low) break;
  }
  return [];
}
