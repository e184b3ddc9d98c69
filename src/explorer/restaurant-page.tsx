/** One restaurant: opening it embeds it, visibly; then what is similar, and why. */
import type { Restaurant } from '../catalog/restaurant.ts';
import type { Coverage } from '../search/on-demand-coverage.ts';
import { Layout } from './layout.tsx';
import { CoverageNote, Facts, RestaurantCard, TasteButtons } from './restaurant-card.tsx';

/** What its module goes through while it reads the restaurant; the article's `data-status` says where it is. */
const FirstRead = () => (
  <div class="first-read needs-script">
    <ol class="steps" aria-label="Its embedding">
      <li>missing</li>
      <li>embedding</li>
      <li>ready</li>
    </ol>
    <p id="read-took" class="took" />
    <p id="embedding-note" role="status" />
  </div>
);

const SKELETONS = 3;
const Skeletons = () => (
  <ul class="cards needs-script" aria-hidden="true">
    {Array.from({ length: SKELETONS }, () => (
      <li class="card skeleton" />
    ))}
  </ul>
);

export const RestaurantPage = ({ restaurant }: { restaurant: Restaurant }) => (
  <Layout title={restaurant.name} current="" script="restaurant.js">
    <article data-restaurant={restaurant.id} data-status={restaurant.embedding.status}>
      <div class="card-head">
        <h1>{restaurant.name}</h1>
        <TasteButtons id={restaurant.id} name={restaurant.name} />
      </div>
      <Facts restaurant={restaurant} />
      <p class="lead">{restaurant.description ?? 'Without a description.'}</p>
      <FirstRead />
    </article>
    <section aria-labelledby="similar-title">
      <h2 id="similar-title">Similar restaurants</h2>
      <p class="status" role="status" />
      <div id="similar">
        <Skeletons />
        <noscript>
          <p>
            <a href={`/explore/restaurants/${restaurant.id}/similar`}>Show similar restaurants</a>
          </p>
        </noscript>
      </div>
    </section>
  </Layout>
);

export interface SimilarItem {
  readonly restaurant: Restaurant;
  readonly score: number;
  readonly sharedWords: readonly string[];
  readonly hasSameCuisine: boolean;
}

export const SimilarList = ({
  items,
  coverage,
  reason,
}: {
  items: readonly SimilarItem[];
  coverage: Coverage;
  reason?: string | undefined;
}) => (
  <>
    <CoverageNote coverage={coverage} />
    {reason && <p class="warning">{`This restaurant has no vector to compare (${reason}).`}</p>}
    <ul class="cards">
      {items.map(({ restaurant, score, sharedWords, hasSameCuisine }) => (
        <RestaurantCard restaurant={restaurant} words={sharedWords}>
          <p class="why">
            <meter min="0" max="1" value={String(Math.max(0, score))} aria-label="Similarity" />{' '}
            {score.toFixed(2)}
            {hasSameCuisine && ' · same cuisine'}
            {sharedWords.length > 0 && ` · both: ${sharedWords.join(', ')}`}
          </p>
        </RestaurantCard>
      ))}
    </ul>
  </>
);
