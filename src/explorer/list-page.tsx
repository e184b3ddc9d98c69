/** The list: search-as-you-type, filters, and for each restaurant whether it is embedded. */
import type { EmbeddingCounts } from '../embedding/embedding-store.ts';
import type { Coverage } from '../search/on-demand-coverage.ts';
import type { Restaurant } from '../catalog/restaurant.ts';
import { ListFilters, type ListQuery } from './list-filters.tsx';
import { Layout } from './layout.tsx';
import { CoverageNote, RestaurantCard } from './restaurant-card.tsx';

export interface ListResults {
  readonly items: readonly { readonly restaurant: Restaurant; readonly matchedWords: readonly string[] }[];
  /** How many restaurants match in all; a search has no total. */
  readonly total?: number;
  readonly coverage?: Coverage;
  /** Why meaning played no part. */
  readonly degraded?: string | undefined;
  readonly nextHref?: string | undefined;
}

export const Results = ({ results }: { results: ListResults }) => {
  const { items, total, coverage, degraded, nextHref } = results;
  return (
    <>
      {total !== undefined && (
        <p class="coverage" data-count>{`${total} ${total === 1 ? 'restaurant' : 'restaurants'}.`}</p>
      )}
      {coverage && <CoverageNote coverage={coverage} />}
      {degraded && (
        <p class="warning">{`Searched by words alone: the model cannot be used (${degraded}).`}</p>
      )}
      {items.length === 0 && <p>Nothing matches.</p>}
      <ul class="cards">
        {items.map(({ restaurant, matchedWords }) => (
          <RestaurantCard restaurant={restaurant} words={matchedWords}>
            {matchedWords.length > 0 && <p class="why">{`Words: ${matchedWords.join(', ')}`}</p>}
          </RestaurantCard>
        ))}
      </ul>
      {nextHref && (
        <p>
          <a class="button" href={nextHref}>
            Next page
          </a>
        </p>
      )}
    </>
  );
};

/** How much of the catalogue has been looked at. */
export const Lit = ({ counts: { ready, total } }: { counts: EmbeddingCounts }) =>
  total === 0 ? (
    <p class="lead">
      The catalogue is empty: <a href="/docs#/Restaurants/importRestaurants">import one</a>.
    </p>
  ) : (
    <>
      <p class="lead">
        No vector exists until somebody looks.{' '}
        <strong>
          {ready} of {total}
        </strong>{' '}
        {total === 1 ? 'is' : 'are'} lit.
      </p>
      <progress
        max={String(Math.max(1, total))}
        value={String(ready)}
        aria-label="Restaurants with a vector"
      />
    </>
  );

const examples = ['feijoada', 'lugar romântico', 'quiet garden'];

export const ListPage = ({
  query,
  cuisines,
  counts,
  results,
}: {
  query: ListQuery;
  cuisines: readonly string[];
  counts: EmbeddingCounts;
  results: ListResults;
}) => (
  <Layout title="Restaurants" current="/" script="list.js">
    <h1>Restaurants</h1>
    <div id="lit" class="lit">
      <Lit counts={counts} />
    </div>
    <ul class="chips" aria-label="Examples">
      {examples.map((example) => (
        <li>
          <a href={`/?q=${encodeURIComponent(example)}`}>{example}</a>
        </li>
      ))}
    </ul>
    <ListFilters query={query} cuisines={cuisines} />
    <h2 class="unseen">Results</h2>
    <p class="status" role="status" />
    <div id="results">
      <Results results={results} />
    </div>
  </Layout>
);
