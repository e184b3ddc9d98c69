/** Analyses a query: its place, the forms and translations of its words, and corrections of misspelt ones. */
import type { QueryAnalysis, QueryTerm } from './query-analysis.ts';
import { UNKNOWN_WEIGHT, WEAK_WEIGHT } from './query-analysis.ts';
import type { Dictionary, KnownWord, Vocabulary } from './vocabulary.ts';
import { findCorrection, findTranslatedCorrection, isInflection } from './words/find-correction.ts';
import { findPairs } from './words/find-pairs.ts';
import { findPlace } from './words/find-place.ts';
import { priceWish } from './words/price-words.ts';
import { splitQuery, type QueryToken } from './words/split-query.ts';
import { stem } from './words/stem.ts';
import { isEmptyWord, isNegation, isWeakWord } from './words/stop-words.ts';
import { translationsOf } from './words/translations.ts';

/** A corrected word counts less than one that was typed as found; a completed one counts less again. */
const CORRECTED_SHARE = 0.8;
const CONTINUED_SHARE = 0.5;
const MAX_CONTINUATIONS = 20;
/** Shorter words are completed even if they are words by themselves. */
const SHORTEST_WORD = 3;

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
  const terms = await Promise.all(searched.map((one) => toTerm(one, one.token === last, known, sources)));
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
  /** Folded words of the other language. */
  readonly translations: readonly string[];
}

/** The words to search for, without stop words and without the words that negate others. */
function withoutNegations(tokens: readonly QueryToken[]): readonly Searched[] {
  const all = tokens.map((token, index) => ({
    token,
    isNegated:
      isNegation(tokens[index - 1]?.folded) || ['free', 'livre'].includes(tokens[index + 1]?.folded ?? ''),
    negates: isNegation(token.folded) && tokens.length > 1,
  }));
  const content = all.filter(({ token, negates }) => !negates && !isEmptyWord(token.folded));
  return (content.length > 0 ? content : all).map(({ token, isNegated }) => ({
    token,
    isNegated,
    translations: translationsOf(token.folded),
  }));
}

interface Known {
  readonly byWord: ReadonlyMap<string, KnownWord>;
  readonly byStem: ReadonlyMap<string, readonly KnownWord[]>;
  readonly totalRows: number;
}

async function lookUp(searched: readonly Searched[], vocabulary: Vocabulary): Promise<Known> {
  const words = searched.map(({ token }) => token.folded);
  const stems = searched.flatMap(({ token, translations }) => [token.folded, ...translations]).map(stem);
  return group(await vocabulary.lookUp({ words, stems: [...new Set(stems)] }));
}

function group({ known, totalRows }: Awaited<ReturnType<Vocabulary['lookUp']>>): Known {
  const byStem = new Map<string, KnownWord[]>();
  for (const word of known) byStem.set(word.stem, [...(byStem.get(word.stem) ?? []), word]);
  return { byWord: new Map(known.map((word) => [word.word, word])), byStem, totalRows };
}

async function toTerm(
  { token, isNegated, translations: given }: Searched,
  isLast: boolean,
  known: Known,
  sources: Sources,
): Promise<QueryTerm & { readonly correction?: string }> {
  const same = known.byStem.get(stem(token.folded)) ?? [];
  const exact = [...same, ...(await findPairs(token, same.length > 0, sources.vocabulary))];
  const translated = given.flatMap((word) => known.byStem.get(stem(word)) ?? []);
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
  if (isLast && (!isWord || token.folded.length < SHORTEST_WORD)) {
    const continued = await sources.vocabulary.listBeginning(token.folded, MAX_CONTINUATIONS);
    if (continued.length > 0) return make(continued, translated, CONTINUED_SHARE);
  }
  const correction = isWord ? undefined : await findCorrection(token.folded, sources.vocabulary);
  const other = isWord || correction ? undefined : findTranslatedCorrection(token.folded);
  const meant = correction?.word ?? other;
  if (meant === undefined) return make([], translated, 1);
  const translations = translationsOf(meant);
  const again = group(
    await sources.vocabulary.lookUp({ words: [], stems: [stem(meant), ...translations.map(stem)] }),
  );
  const forms = again.byStem.get(stem(meant)) ?? (correction ? [correction] : []);
  const others = translations.flatMap((word) => again.byStem.get(stem(word)) ?? []);
  if (forms.length === 0 && others.length === 0) return make([], translated, 1);
  if (isInflection(token.folded, meant)) return make(forms, others, 1);
  return { ...make(forms, others, CORRECTED_SHARE), correction: meant };
}

/** ln(1 + (N − n + ½)/(n + ½)), as in BM25 (Robertson and Zaragoza, 2009). */
function inverseFrequency(words: readonly KnownWord[], totalRows: number): number {
  const rows = Math.min(
    totalRows,
    words.reduce((sum, word) => sum + word.rows, 0),
  );
  return Math.log(1 + (totalRows - rows + 0.5) / (rows + 0.5));
}
