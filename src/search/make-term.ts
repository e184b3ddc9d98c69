/** Makes the terms of a query, from single words and from phrases that name one concept. */
import { readKnownWords, type KnownWords } from './known-words.ts';
import type { QueryTerm } from './query-analysis.ts';
import { GENERAL_WEIGHT, UNKNOWN_WEIGHT, WEAK_WEIGHT } from './query-analysis.ts';
import type { Dictionary, KnownWord, Vocabulary } from './vocabulary.ts';
import { conceptOf, type Concept } from './words/concepts.ts';
import { findCorrection, findTranslatedCorrection, isInflection } from './words/find-correction.ts';
import { findPairs } from './words/find-pairs.ts';
import type { QueryToken } from './words/split-query.ts';
import { isGeneralWord, isWeakWord } from './words/stop-words.ts';
import { translationsOf } from './words/translations.ts';

/** A corrected word counts less than one that was typed as found; a completed one counts less again. */
const CORRECTED_SHARE = 0.8;
const CONTINUED_SHARE = 0.5;
const MAX_CONTINUATIONS = 20;
/** Shorter words are completed even if they are words by themselves. */
const SHORTEST_WORD = 3;

export interface Sources {
  readonly vocabulary: Vocabulary;
  readonly dictionary: Dictionary;
}

export interface SearchedToken {
  readonly token: QueryToken;
  readonly isNegated: boolean;
  /** It is part of a phrase that has a term of its own. */
  readonly isPart: boolean;
}

/** Folded words, or phrases of them, with the meaning of a word (`same`) or indicating it (`related`). */
export interface Meanings {
  readonly same: readonly string[];
  readonly related: readonly string[];
}

export function meaningsOf(word: string): Meanings {
  const concept = conceptOf(word);
  const same = [...translationsOf(word), ...(concept?.synonyms ?? [])];
  return { same, related: concept?.related ?? [] };
}

interface Found {
  readonly typed: string;
  readonly folded: string;
  readonly forms: readonly KnownWord[];
  readonly same: readonly KnownWord[];
  readonly related: readonly KnownWord[];
  readonly share?: number;
  readonly isWeak?: boolean;
  readonly isNegated?: boolean;
  readonly isWord?: boolean;
}

const wordsOf = (known: readonly KnownWord[]) => [...new Set(known.map(({ word }) => word))];

function toTerm(found: Found, known: KnownWords): QueryTerm {
  const {
    typed,
    folded,
    forms,
    same,
    related,
    share = 1,
    isWeak = false,
    isNegated = false,
    isWord = true,
  } = found;
  const own = [forms, same, related].find((words) => words.length > 0) ?? [];
  const isKnown = own.length > 0;
  return {
    word: typed,
    forms: [...new Set([folded, ...wordsOf(forms)])],
    translations: wordsOf(same),
    related: wordsOf(related),
    share,
    weight: known.inverseFrequency(own) * importanceOf(folded, isWeak) * (isKnown ? 1 : UNKNOWN_WEIGHT),
    isWeak,
    isNegated,
    isKnown,
    isWord,
  };
}

function importanceOf(word: string, isWeak: boolean): number {
  if (isWeak) return WEAK_WEIGHT;
  return isGeneralWord(word) ? GENERAL_WEIGHT : 1;
}

/** A term for a phrase that names a concept; undefined when no restaurant has any of its words. */
export function makeConceptTerm(
  tokens: readonly QueryToken[],
  { synonyms, related }: Concept,
  known: KnownWords,
): QueryTerm | undefined {
  const folded = tokens.map((token) => token.folded).join(' ');
  const term = toTerm(
    {
      typed: tokens.map((token) => token.typed).join(' '),
      folded,
      forms: known.formsOf([folded]),
      same: known.formsOf(synonyms),
      related: known.formsOf(related),
    },
    known,
  );
  return term.isKnown ? term : undefined;
}

/** A term for one word, with its correction when it is misspelt. */
export async function makeWordTerm(
  { token, isNegated, isPart }: SearchedToken,
  isLast: boolean,
  known: KnownWords,
  sources: Sources,
): Promise<QueryTerm & { readonly correction?: string }> {
  const { folded, typed } = token;
  const { vocabulary, dictionary } = sources;
  const meanings = isPart || isNegated ? { same: translationsOf(folded), related: [] } : meaningsOf(folded);
  const common = {
    typed,
    folded,
    same: known.formsOf(meanings.same),
    related: known.formsOf(meanings.related),
    isWeak: isPart || isWeakWord(folded),
    isNegated,
  };
  const inflected = known.formsOf([folded]);
  const exact = [...inflected, ...(await findPairs(token, inflected.length > 0, vocabulary))];
  if (exact.length > 0) return toTerm({ ...common, forms: exact }, known);
  const isWord = meanings.related.length > 0 || (await dictionary.has(folded));
  if (isLast && (!isWord || folded.length < SHORTEST_WORD)) {
    const continued = await vocabulary.listBeginning(folded, MAX_CONTINUATIONS);
    if (continued.length > 0) {
      return toTerm({ ...common, forms: continued, share: CONTINUED_SHARE, isWord }, known);
    }
  }
  const unchanged = toTerm({ ...common, forms: [], isWord }, known);
  if (isWord) return unchanged;
  const correction = await findCorrection(folded, vocabulary);
  const meant = correction?.word ?? findTranslatedCorrection(folded);
  if (meant === undefined) return unchanged;
  const { same, related } = meaningsOf(meant);
  const again = await readKnownWords([], [meant, ...same, ...related], vocabulary);
  const found = {
    ...common,
    forms: again.formsOf([meant]),
    same: again.formsOf(same),
    related: again.formsOf(related),
    isWord,
  };
  const forms = found.forms.length === 0 && correction ? [correction] : found.forms;
  if (forms.length + found.same.length + found.related.length === 0) return unchanged;
  if (isInflection(folded, meant)) return toTerm({ ...found, forms }, again);
  return { ...toTerm({ ...found, forms, share: CORRECTED_SHARE }, again), correction: meant };
}
