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
    let start = middle;
    while (start > 0 && table[start - 1] !== NEW_LINE) start -= 1;
    let end = middle;
    while (table[end] !== NEW_LINE) end += 1;
    const [own = '', ...translations] = table.toString('latin1', start, end).split(' ');
    if (own === word) return translations;
    if (own < word) low = end + 1;
    else high = start;
  }
  return [];
}
