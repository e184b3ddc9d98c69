/** The terms of a query as a search gives them to the stores. */
import { analyseQuery } from '../../src/search/analyse-query.ts';
import type { QueryTerm } from '../../src/search/query-analysis.ts';
import type { Vocabulary } from '../../src/search/vocabulary.ts';

/** Knows no word, so that everything that looks misspelt is corrected. */
const emptyDictionary = { has: async () => false };

export async function termsOf(vocabulary: Vocabulary, query: string): Promise<readonly QueryTerm[]> {
  return (await analyseQuery(query, { vocabulary, dictionary: emptyDictionary })).terms;
}
