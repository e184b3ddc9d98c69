/** How well a restaurant's words cover those of a query. */
import { foldText } from '../catalog/fold-text.ts';
import type { QueryAnalysis, QueryPlace, QueryTerm } from './query-analysis.ts';
import { foldedWords } from './words/split-words.ts';
import { isNegation } from './words/stop-words.ts';

/** The fields in which words are searched for. */
export interface SearchableText {
  readonly name: string;
  readonly cuisineType: string | null;
  readonly description: string | null;
  readonly location: string | null;
}

export interface KeywordRelevance {
  /** The share of the query's weight that the restaurant's words cover, 0–1: comparable between queries. */
  readonly coverage: number;
  /** The words of the query that the restaurant has, in one of their forms, as typed. */
  readonly matchedWords: readonly string[];
  /** At least one of them is a content word, or the query has none. */
  readonly isMatch: boolean;
}

/** BM25 weights of the fields: a word in the name counts most. */
const FIELD_WEIGHTS = [2.5, 2, 1, 1];
/** Typical number of words of each field; a word in a longer text counts less. */
const TYPICAL_LENGTHS = [3, 1, 40, 3];
/** BM25's b and k1 (Robertson and Zaragoza, 2009), chosen with `bench/quality`. */
const LENGTH_SHARE = 0.3;
const SATURATION = 0.6;
/** Chosen with `bench/quality`: 0.6 is 0.001 worse. */
const TRANSLATION_SHARE = 0.8;
/** Between 0.35 and 0.65 nothing changes by more than 0.01. */
const RELATED_SHARE = 0.5;

/** How a restaurant can have a term: in its own words, in words that mean the same, or in related ones. */
const kinds = ['forms', 'translations', 'related'] as const;

interface Form {
  readonly term: number;
  /** Index in {@link kinds}. */
  readonly kind: number;
  /** The words that must stand before it, the nearest first, for a form of several words. */
  readonly before: readonly string[];
}

/** Returns the comparison for one query, which takes about 10 µs a restaurant. */
export function createKeywordRelevance({
  terms,
}: Pick<QueryAnalysis, 'terms'>): (text: SearchableText) => KeywordRelevance {
  const forms = indexForms(terms);
  const totalWeight = terms.reduce((sum, { weight }) => sum + weight, 0);

  /** Weighted occurrences of each term, by {@link kinds}. */
  function countForms(text: SearchableText): number[][] {
    const counts = terms.map(() => kinds.map(() => 0));
    const fields = [text.name, text.cuisineType, text.description, text.location];
    for (const [field, value] of fields.entries()) {
      if (value === null) continue;
      const words = foldedWords(value);
      const length = words.length / (TYPICAL_LENGTHS[field] ?? 1);
      const weight = (FIELD_WEIGHTS[field] ?? 1) / (1 - LENGTH_SHARE + LENGTH_SHARE * length);
      for (let i = 0; i < words.length; i += 1) {
        for (const { term, kind, before } of forms.get(words[i] ?? '') ?? none) {
          if (before.some((word, back) => words[i - 1 - back] !== word)) continue;
          if (terms[term]?.isNegated && !isNegatedAt(words, i)) continue;
          const own = counts[term];
          if (own) own[kind] = (own[kind] ?? 0) + weight;
        }
      }
    }
    return counts;
  }

  return (text) => {
    const counts = countForms(text);
    let covered = 0;
    const matched: QueryTerm[] = [];
    for (const [index, term] of terms.entries()) {
      const [own = 0, translated = 0, related = 0] = (counts[index] ?? []).map(saturate);
      const found = Math.max(term.share * own, TRANSLATION_SHARE * translated, RELATED_SHARE * related);
      covered += term.weight * found;
      if (found > 0) matched.push(term);
    }
    return {
      coverage: totalWeight > 0 ? Math.min(1, covered / totalWeight) : 0,
      matchedWords: [...new Set(matched.map(({ word }) => word))],
      isMatch:
        matched.some(({ isWeak }) => !isWeak) || (matched.length > 0 && terms.every(({ isWeak }) => isWeak)),
    };
  };
}

const none: readonly Form[] = [];

const saturate = (frequency: number) => frequency / (frequency + SATURATION);

/** The forms by their last word; one that is of several kinds counts as the first of them. */
function indexForms(terms: readonly QueryTerm[]): Map<string, Form[]> {
  const index = new Map<string, Form[]>();
  for (const [term, own] of terms.entries()) {
    const seen = new Set<string>();
    for (const [kind, name] of kinds.entries()) {
      for (const form of own[name]) {
        if (seen.has(form)) continue;
        seen.add(form);
        const [last = '', ...before] = form.split(' ').toReversed();
        index.set(last, [...(index.get(last) ?? []), { term, kind, before }]);
      }
    }
  }
  return index;
}

/** Two words back (`livre de glúten`), or one ahead (`gluten free`). */
const isNegatedAt = (words: readonly string[], i: number) =>
  isNegation(words[i - 1]) || isNegation(words[i - 2]) || ['free', 'livre'].includes(words[i + 1] ?? '');

/** The share of the named parts of a location that the restaurant is in, under any spelling; 0–1. */
export function placeFit(parts: QueryPlace['parts'], location: string | null): number {
  if (location === null || parts.length === 0) return 0;
  const own = new Set(location.split(',').map((part) => foldedWords(foldText(part)).join(' ')));
  return parts.filter((spellings) => spellings.some((name) => own.has(name))).length / parts.length;
}
