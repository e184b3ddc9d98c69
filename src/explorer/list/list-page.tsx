/** The list: search first, chips, filters in one line, compact rows. */
import type { RestaurantFilters } from '../../catalog/restaurant-filters.ts';
import { Layout } from '../layout.tsx';
import { reasonInWords, type Words } from '../languages/words.ts';
import { RestaurantRow } from '../restaurant-row.tsx';
import { linkTo, type ApiRequest, type View } from '../view.ts';
import { CoverageStrip, type CatalogueCoverage } from './coverage-strip.tsx';
import { EmptyCatalogue } from './empty-catalogue.tsx';
import { Examples, ListChips } from './list-chips.tsx';
import type { FamilyCounts } from './family-counts.ts';
import { SearchForm } from './list-filters.tsx';
import { PAGE_ROWS, toApiParameters, type ListQuery } from './list-query.ts';
import type { ListResults } from './list-results.ts';
import { SearchNotices } from './search-notices.tsx';

export interface ListPageProps {
  readonly view: View;
  readonly query: ListQuery;
  readonly filters: RestaurantFilters;
  readonly cuisines: readonly string[];
  readonly coverage: CatalogueCoverage;
  readonly results: ListResults;
  readonly families: FamilyCounts | undefined;
}

/** One sentence on how the search was made and over how many restaurants. */
function describe({ list, ...words }: Words, { total, coverage, wordsOnly }: ListResults): string {
  if (total !== undefined) return list.found(total);
  if (wordsOnly === 'typing') return list.byWords;
  if (!coverage) return '';
  if (wordsOnly !== undefined) return list.wordsOnly(reasonInWords({ list, ...words }, wordsOnly));
  const { embedded, eligible, toppedUp } = coverage;
  const parts = [list.byMeaning(embedded, eligible), ...(toppedUp > 0 ? [list.justIndexed(toppedUp)] : [])];
  return `${parts.join(' · ')}.`;
}

/** `#results`, with the counts of the same moment. */
export const Results = ({
  view,
  query,
  coverage,
  results,
}: Omit<ListPageProps, 'filters' | 'cuisines' | 'families'>) => {
  const { words } = view;
  const isLater = query.offset > 0 || query.after !== undefined;
  return (
    <>
      <CoverageStrip words={words} coverage={coverage} />
      <div id="results">
        <p class="summary" id="summary" role="status">
          {describe(words, results)}
          {query.offset > 0 && ` ${words.list.range(query.offset + 1, query.offset + results.items.length)}`}
        </p>
        <SearchNotices words={words} query={query} results={results} />
        <ul class="rows">
          {results.items.map((item) => (
            <RestaurantRow words={words} {...item} />
          ))}
        </ul>
        {(isLater || results.next) && (
          <p class="pages">
            {isLater && (
              <a class="button" href={linkTo('/', view.query, { after: undefined, offset: undefined })}>
                {words.list.previous}
              </a>
            )}
            {results.next && (
              <a
                class="button"
                rel="nofollow"
                href={linkTo('/', view.query, { typing: undefined, ...results.next })}
              >
                {words.list.next}
              </a>
            )}
          </p>
        )}
      </div>
    </>
  );
};

function requestsOf({ query, filters }: ListPageProps): ApiRequest[] {
  const parameters = toApiParameters(filters);
  const counts = { method: 'GET', path: '/embeddings' } as const;
  if (query.q !== undefined) {
    parameters.set('q', query.q);
    parameters.set('limit', String(PAGE_ROWS));
    return [{ method: 'GET', path: `/search?${parameters.toString()}` }, counts];
  }
  if (filters.near) parameters.set('sort', 'distance');
  parameters.set('limit', String(PAGE_ROWS));
  return [{ method: 'GET', path: `/restaurants?${parameters.toString()}` }, counts];
}

export const ListPage = (props: ListPageProps) => {
  const { view, query, cuisines, coverage, families } = props;
  const { list } = view.words;
  const title = query.q === undefined ? list.title : list.titleOf(query.q);
  return (
    <Layout
      view={view}
      title={title}
      current="/"
      script="list.js"
      styles="list.css"
      requests={requestsOf(props)}
    >
      <h1>{query.q === undefined ? list.lead : title}</h1>
      {coverage.counts.total === 0 ? (
        <EmptyCatalogue view={view} />
      ) : (
        <>
          <SearchForm view={view} query={query} cuisines={cuisines} />
          <ListChips view={view} query={query} cuisines={cuisines} families={families} />
          {query.q === undefined && <Examples view={view} />}
          <h2 class="unseen">{list.results}</h2>
          <p class="status" id="trouble" role="status" />
          <div id="parts">
            <Results {...props} />
          </div>
        </>
      )}
    </Layout>
  );
};
