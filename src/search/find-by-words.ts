/** The part of a search that needs no model: rows with words of the query, for an exact ranking. */
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';
import type { CurrentModel } from '../embedding/current-model.ts';
import type { QueryTerm } from './query-analysis.ts';
import type { SearchPlan } from './search-plan.ts';
import type { SearchStore } from './search-store.ts';

/**
 * Translations of a term that are looked up at once; a long list takes milliseconds in a large catalogue, where the
 * first ones find enough.
 */
const FIRST_TRANSLATIONS = 4;

/**
 * Rows with words of the query, and if they are fewer than `limit`, rows with its further synonyms and related words. Of
 * a named place also the best rated, so that some are found before anything is embedded.
 */
export async function findByWords(
  { store, currentModel }: { readonly store: SearchStore; readonly currentModel: CurrentModel },
  { analysis: { terms }, filters, preferred, limit, pageEnd, excludedIds }: SearchPlan,
): Promise<readonly number[]> {
  const modelVersion = currentModel.version();
  const find = (wanted: readonly QueryTerm[], own: RestaurantFilters) =>
    store.searchKeywords({ terms: wanted, filters: own, limit: limit + excludedIds.length, modelVersion });
  const first = terms.map((term) => ({
    ...term,
    translations: term.translations.slice(0, FIRST_TRANSLATIONS),
  }));
  const withWords = (preferred ? [preferred, filters] : [filters]).map((own) => find(first, own));
  const inPlace =
    preferred && store.listTopRated({ filters: preferred, limit: pageEnd, excludedIds, modelVersion });
  const found = new Set((await Promise.all([...withWords, inPlace ?? []])).flat());
  const further = found.size < limit ? furtherTerms(terms) : [];
  if (further.length > 0) for (const id of await find(further, preferred ?? filters)) found.add(id);
  for (const id of excludedIds) found.delete(id);
  return [...found];
}

/** The synonyms and related words that were not looked up at first, as terms. */
const furtherTerms = (terms: readonly QueryTerm[]): readonly QueryTerm[] =>
  terms.flatMap((term) => {
    const words = [...term.translations.slice(FIRST_TRANSLATIONS), ...term.related];
    return words.length > 0 && !term.isWeak ? [{ ...term, forms: words, translations: [] }] : [];
  });
