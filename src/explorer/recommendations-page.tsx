/** Likes and dislikes, and what follows from them. */
import type { Restaurant } from '../catalog/restaurant.ts';
import type { Coverage } from '../search/on-demand-coverage.ts';
import { Layout } from './layout.tsx';
import { CoverageNote, RestaurantCard } from './restaurant-card.tsx';

export const RecommendationsPage = () => (
  <Layout title="For you" current="/explore/recommendations" script="recommendations.js">
    <h1>For you</h1>
    <p class="lead">
      Press ♥ or ✕ at any restaurant, here or in the list; what follows from that appears below. Your taste
      stays in this browser.
    </p>
    <section aria-labelledby="taste-title">
      <h2 id="taste-title">Your taste</h2>
      <ul id="taste-list" class="chips" />
      <button type="button" id="forget" class="needs-script" hidden>
        Forget all
      </button>
    </section>
    <section aria-labelledby="recommended-title">
      <h2 id="recommended-title">Recommended</h2>
      <p class="status" role="status" />
      <div id="recommended">
        <noscript>
          <p>
            <a href="/explore/recommendations/results">Show the best rated</a> (picking needs JavaScript)
          </p>
        </noscript>
      </div>
    </section>
  </Layout>
);

export const RecommendedList = ({
  items,
  strategy,
  coverage,
}: {
  items: readonly { readonly restaurant: Restaurant; readonly score: number | null }[];
  strategy: 'preferences' | 'top-rated';
  coverage: Coverage;
}) => (
  <>
    <p>{strategy === 'preferences' ? 'By what you like.' : 'Nothing liked yet: the best rated.'}</p>
    <CoverageNote coverage={coverage} />
    <ul class="cards">
      {items.map(({ restaurant, score }) => (
        <RestaurantCard restaurant={restaurant}>
          {score !== null && (
            <p class="why">
              <meter min="0" max="1" value={String(Math.max(0, score))} aria-label="Match" />{' '}
              {score.toFixed(2)}
            </p>
          )}
        </RestaurantCard>
      ))}
    </ul>
  </>
);
