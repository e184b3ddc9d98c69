/** Translations of single words, from a table made with the default model. */
import { readFileSync } from 'node:fs';

/** Lines `word translation …`, sorted; made by `scripts/word-translations.mjs`. Read at the first query. */
let table: Buffer | undefined;

const NEW_LINE = 10;

function lineAt(own: Buffer, offset: number): { start: number; end: number; line: string } {
  let start = offset;
  while (start > 0 && own[start - 1] !== NEW_LINE) start -= 1;
  let end = offset;
  while (own[end] !== NEW_LINE) end += 1;
  return { start, end, line: own.toString('latin1', start, end) };
}

const readTable = (): Buffer => (table ??= readFileSync(new URL('./translations.txt', import.meta.url)));

/** Offset of the line of the word, or of the next word. A binary search, as a map of strings would take ten times the memory. */
function findLine(word: string): number {
  const own = readTable();
  let low = 0;
  let high = own.length;
  while (low < high) {
    const { start, end, line } = lineAt(own, (low + high) >> 1);
    if ((line.split(' ')[0] ?? '') < word) low = end + 1;
    else high = start;
  }
  return low;
}

/** Folded translations of a folded word, the nearest first; empty when the table does not have it. */
export function translationsOf(word: string): readonly string[] {
  const start = findLine(word);
  if (start >= readTable().length) return [];
  const [own, ...translations] = lineAt(readTable(), start).line.split(' ');
  return own === word ? translations : [];
}

/** The words of the table that begin with the letter, some hundreds. */
export function translatedWordsBeginning(letter: string): string[] {
  const lines = readTable().toString('latin1', findLine(letter), findLine(`${letter}~`));
  return lines.split('\n').flatMap((line) => line.split(' ')[0] || []);
}
