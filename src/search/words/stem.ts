/** One light stem for Portuguese and English: a catalogue, and often a query, has words of both. */

/**
 * English plurals in -oes with a short stem, which by their letters could be Portuguese ones (`meloes`, `melao`), and
 * the feminine of `alemao`.
 */
const irregular: ReadonlyMap<string, string> = new Map([
  ['alema', 'alemao'],
  ['alemas', 'alemao'],
  ['mangoes', 'mango'],
  ['heroes', 'hero'],
  ['shoes', 'shoe'],
]);

/** Suffix, what replaces it, and how many letters must be left before it. The first that applies is applied. */
type Rule = readonly [suffix: RegExp, replacement: string, lettersBefore: number];

/**
 * Portuguese plurals come first, as none of them is a plain -s; then those of both languages. `-l` and `-i` fall
 * together (`pasteis`, `pastel`; `acais`, `acai`), and so do final `-m` and `-n` (`jardins`, `jardim`; `buns`, `bun`).
 */
const plurals: readonly Rule[] = [
  [/(?:oes|aos|ao)$/, 'o', 5],
  [/(?:oes|aes)$/, 'ao', 1],
  [/(?<=[aeo])(?:is|i|l)$/, 'l', 1],
  [/(?:il|is)$/, 'i', 3],
  [/(?:ns|m)$/, 'n', 2],
  // Origins, in both languages: japonês, japonesa, Japanese.
  [/(?:eses|esas|ese|esa|(?<!i)es)$/, '', 4],
  [/(?<=[rz])es$/, '', 2],
  [/(?:ies|ie)$/, 'y', 2],
  [/(?<!s|u)s$/, '', 3],
];

const endings: readonly Rule[] = [
  [/(?:zinh[oa])$/, '', 3],
  [/ing$/, '', 4],
  [/ed$/, '', 4],
  [/(?<!a)o$|[ae]$/, '', 4],
  [/(?<=[rz])e$/, '', 3],
];

function applyFirst(word: string, rules: readonly Rule[]): string {
  for (const [suffix, replacement, lettersBefore] of rules) {
    const at = word.search(suffix);
    if (at >= lettersBefore) return word.slice(0, at) + replacement;
  }
  return word;
}

/**
 * The form under which a word and its inflections are found: `camarões` and `camarão`, `noodles` and `noodle`,
 * `mexicana`, `mexicano` and `Mexican`. Takes a folded word; the result is a key and not always a word.
 */
export function stem(word: string): string {
  const known = irregular.get(word) ?? word;
  if (known.length < 4 || /\d/.test(known)) return known;
  return applyFirst(applyFirst(known, plurals), endings);
}
