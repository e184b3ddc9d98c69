/** Analyses a query: its place, the forms and translations of its words, and corrections of misspelt ones. */
import { readKnownWords } from './known-words.ts';
import { makeConceptTerm, makeWordTerm, meaningsOf, type SearchedToken, type Sources } from './make-term.ts';
import type { QueryAnalysis } from './query-analysis.ts';
import { meaningHint } from './meaning-hint.ts';
import { findConcepts, type FoundConcept } from './words/concepts.ts';
import { findPlace } from './words/find-place.ts';
import { priceWish } from './words/price-words.ts';
import { splitQuery, type QueryToken } from './words/split-query.ts';
import { isEmptyWord, isNegation } from './words/stop-words.ts';

export async function analyseQuery(query: string, sources: Sources): Promise<QueryAnalysis> {
  const tokens = splitQuery(query);
  const { place, rest } = await findPlace(tokens, sources.vocabulary);
  const concepts = findConcepts(rest);
  const known = await readKnownWords(
    rest.map(({ folded }) => folded),
    [...rest.map(({ folded }) => meaningsOf(folded)), ...concepts.map(asMeanings)].flatMap(
      ({ same, related }) => [...same, ...related],
    ),
    sources.vocabulary,
  );
  const named = concepts.flatMap((concept) => {
    const term = makeConceptTerm(rest.slice(concept.start, concept.end), concept, known);
    return term ? [{ concept, term }] : [];
  });
  const searched = selectSearched(
    rest,
    named.map(({ concept }) => concept),
  );
  const last = /[\p{L}\p{N}]$/u.test(query) ? tokens.at(-1) : undefined;
  const words = await Promise.all(
    searched.map((one) => makeWordTerm(one, one.token === last, known, sources)),
  );
  const corrected = words.flatMap(({ word, correction }) =>
    correction ? [[word, correction] as const] : [],
  );
  const corrections = new Map(corrected);
  const isChanged = place !== undefined || corrections.size > 0;
  const changed = rest.map(({ typed }) => corrections.get(typed) ?? typed).join(' ');
  return {
    terms: [...named.map(({ term }) => term), ...words],
    place,
    priceWish: priceWish(query),
    corrected: Object.fromEntries(corrected),
    meaningText: tokens.length === 0 ? '' : (isChanged && changed) || query.trim().replace(/\s+/g, ' '),
    meaningHint: meaningHint(
      named.map(({ concept }) => concept),
      searched.flatMap(({ token, isNegated, isPart }) =>
        isNegated || isPart ? [] : (corrections.get(token.typed) ?? token.folded),
      ),
    ),
  };
}

const asMeanings = ({ synonyms, related }: FoundConcept) => ({ same: synonyms, related });

/** The words to search for, without stop words and without the words that negate others. */
function selectSearched(
  tokens: readonly QueryToken[],
  concepts: readonly FoundConcept[],
): readonly SearchedToken[] {
  const all = tokens.map((token, index) => ({
    token,
    isNegated:
      isNegation(tokens[index - 1]?.folded) || ['free', 'livre'].includes(tokens[index + 1]?.folded ?? ''),
    negates: isNegation(token.folded) && tokens.length > 1,
    isPart: concepts.some(({ start, end }) => index >= start && index < end),
  }));
  const content = all.filter(({ token, negates }) => !negates && !isEmptyWord(token.folded));
  return (content.length > 0 ? content : all).map(({ token, isNegated, isPart }) => ({
    token,
    isNegated,
    isPart,
  }));
}
