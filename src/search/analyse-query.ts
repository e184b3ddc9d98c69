/** Works out what a query asks for: its place, its words in all their forms, and what they were meant to be. */
import type { QueryAnalysis, QueryTerm } from './query-analysis.ts';
import { UNKNOWN_WEIGHT, WEAK_WEIGHT } from './query-analysis.ts';
import type { Dictionary, KnownWord, Vocabulary } from './vocabulary.ts';
import { findCorrection } from './words/find-correction.ts';
import { findPlace } from './words/find-place.ts';
import { priceWish } from './words/price-words.ts';
import { splitQuery, type QueryToken } from './words/split-query.ts';
import { stem } from './words/stem.ts';
import { isEmptyWord, isNegation, isWeakWord } from './words/stop-words.ts';
import { translationsOf } from './words/translations.ts';

/** A corrected word counts less than one that was typed so; a continued one still less. */
const CORRECTED_SHARE = 0.8;
const CONTINUED_SHARE = 0.5;
const MAX_CONTINUATIONS = 20;
/** Parts of a word that is written in one elsewhere are at least this long. */
const SHORTEST_PART = 2;

interface Sources {
  readonly vocabulary: Vocabulary;
  readonly dictionary: Dictionary;
}

export async function analyseQuery(query: string, sources: Sources): Promise<QueryAnalysis> {
  const tokens = splitQuery(query);
  const { place, rest } = await findPlace(tokens, sources.vocabulary);
  const searched = withoutNegations(rest);
  const known = await lookUp(searched, sources.vocabulary);
  const last = /[\p{L}\p{N}]$/u.test(query) ? tokens.at(-1) : undefined;
  const terms = await Promise.all(
    searched.map(({ token, isNegated }) => toTerm(token, isNegated, token === last, known, sources)),
  );
  const corrected = terms.flatMap(({ word, correction }) =>
    correction ? [[word, correction] as const] : [],
  );
  const corrections = new Map(corrected);
  const isChanged = place !== undefined || corrections.size > 0;
  const changed = rest.map(({ typed }) => corrections.get(typed) ?? typed).join(' ');
  return {
    terms,
    place,
    priceWish: priceWish(query),
    corrected: Object.fromEntries(corrected),
    meaningText: tokens.length === 0 ? '' : (isChanged && changed) || query.trim().replace(/\s+/g, ' '),
  };
}

interface Searched {
  readonly token: QueryToken;
  readonly isNegated: boolean;
}

/** The words to search for, without grammar, and without the words that negate others. */
function withoutNegations(tokens: readonly QueryToken[]): readonly Searched[] {
  const all = tokens.map((token, index) => ({
    token,
    isNegated:
      isNegation(tokens[index - 1]?.folded) || ['free', 'livre'].includes(tokens[index + 1]?.folded ?? ''),
    negates: isNegation(token.folded) && tokens.length > 1,
  }));
  const content = all.filter(({ token, negates }) => !negates && !isEmptyWord(token.folded));
  return content.length > 0 ? content : all;
}

interface Known {
  readonly byWord: ReadonlyMap<string, KnownWord>;
  readonly byStem: ReadonlyMap<string, readonly KnownWord[]>;
  readonly totalRows: number;
}

async function lookUp(searched: readonly Searched[], vocabulary: Vocabulary): Promise<Known> {
  const words = searched.flatMap(({ token }) => [
    token.folded,
    ...token.parts,
    ...halvesOf(token.folded).flat(),
  ]);
  const translations = searched.flatMap(({ token }) => translationsOf(token.folded));
  const stems = [...searched.map(({ token }) => token.folded), ...translations].map(stem);
  return group(await vocabulary.lookUp({ words, stems: [...new Set(stems)] }));
}

function group({ known, totalRows }: Awaited<ReturnType<Vocabulary['lookUp']>>): Known {
  const byStem = new Map<string, KnownWord[]>();
  for (const word of known) byStem.set(word.stem, [...(byStem.get(word.stem) ?? []), word]);
  return { byWord: new Map(known.map((word) => [word.word, word])), byStem, totalRows };
}

async function toTerm(
  token: QueryToken,
  isNegated: boolean,
  isLast: boolean,
  known: Known,
  sources: Sources,
): Promise<QueryTerm & { readonly correction?: string }> {
  const exact = formsOf(token, known);
  const translated = translationsOf(token.folded).flatMap((word) => known.byStem.get(stem(word)) ?? []);
  let isWord = true;
  const make = (forms: readonly KnownWord[], translations: readonly KnownWord[], share: number) => {
    const found = forms.length > 0 ? forms : translations;
    const isWeak = isWeakWord(token.folded);
    return {
      word: token.typed,
      forms: [...new Set([token.folded, ...forms.map(({ word }) => word)])],
      translations: [...new Set(translations.map(({ word }) => word))],
      share,
      weight:
        inverseFrequency(found, known.totalRows) *
        (isWeak ? WEAK_WEIGHT : 1) *
        (found.length > 0 ? 1 : UNKNOWN_WEIGHT),
      isWeak,
      isNegated,
      isKnown: found.length > 0,
      isWord,
    };
  };
  if (exact.length > 0) return make(exact, translated, 1);
  isWord = await sources.dictionary.has(token.folded);
  if (isLast && (!isWord || token.folded.length <= SHORTEST_PART)) {
    const continued = await sources.vocabulary.listBeginning(token.folded, MAX_CONTINUATIONS);
    if (continued.length > 0) return make(continued, translated, CONTINUED_SHARE);
  }
  const correction = isWord ? undefined : await findCorrection(token.folded, sources.vocabulary);
  if (!correction) return make([], translated, 1);
  const translations = translationsOf(correction.word);
  const again = group(
    await sources.vocabulary.lookUp({ words: [], stems: [correction.stem, ...translations.map(stem)] }),
  );
  const forms = again.byStem.get(correction.stem) ?? [correction];
  const others = translations.flatMap((word) => again.byStem.get(stem(word)) ?? []);
  return { ...make(forms, others, CORRECTED_SHARE), correction: correction.word };
}

/** The known words with the same stem, and the pairs of known words that it is written as elsewhere. */
function formsOf({ folded, parts }: QueryToken, { byWord, byStem }: Known): KnownWord[] {
  const pairs = [...halvesOf(folded), ...(parts.length === 2 ? [parts] : [])];
  const phrases = pairs.flatMap((pair) => {
    const halves = pair.map((part) => byWord.get(part));
    if (!halves.every((half) => half !== undefined)) return [];
    return [{ word: pair.join(' '), stem: '', rows: Math.min(...halves.map(({ rows }) => rows)) }];
  });
  const same = byStem.get(stem(folded)) ?? [];
  // Of a word that restaurants have, the ways to cut it in two are of no interest unless it was written so.
  return same.length > 0 && parts.length === 1 && folded.length > 6 ? [...same] : [...same, ...phrases];
}

/** `wifi` → `wi fi`, and every other way to cut the word in two. */
function halvesOf(word: string): string[][] {
  const cuts = Math.max(0, word.length - 2 * SHORTEST_PART + 1);
  return Array.from({ length: Math.min(cuts, 20) }, (_, i) => [
    word.slice(0, i + SHORTEST_PART),
    word.slice(i + SHORTEST_PART),
  ]);
}

/** ln(1 + (N − n + ½)/(n + ½)), as in BM25 (Robertson and Zaragoza, 2009). */
function inverseFrequency(words: readonly KnownWord[], totalRows: number): number {
  const rows = Math.min(
    totalRows,
    words.reduce((sum, word) => sum + word.rows, 0),
  );
  return Math.log(1 + (totalRows - rows + 0.5) / (rows + 0.5));
}
