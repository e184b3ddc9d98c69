/** One restaurant, the times of its reads, and similar restaurants. */
import type { Context, Hono } from 'hono';
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { RoutePolicies } from '../../http/middleware/route-policies.ts';
import { presentRestaurant } from '../../http/routes/present-restaurant.ts';
import { withRestaurants } from '../../http/routes/ranked-answers.ts';
import type { ReadTiming as TimedRead } from '../../http/routes/read-restaurant-route.ts';
import { sharedWords } from '../../search/shared-words.ts';
import { findSimilar, type SimilarDependencies } from '../../search/find-similar.ts';
import type { FirstReads } from '../../telemetry/first-reads.ts';
import { kindOf } from '../cuisine-families.ts';
import { Layout } from '../layout.tsx';
import { noSuchRestaurant } from '../problem-page.tsx';
import { readId } from '../read-id.ts';
import { sendPage, sendParts } from '../send-page.ts';
import { readView } from '../view.ts';
import { closenessOf, createClosenessScale } from './closeness.ts';
import { ReadTiming } from './read-timing.tsx';
import { RestaurantPage } from './restaurant-page.tsx';
import { foldTwins, SimilarList } from './similar-list.tsx';

export interface RestaurantDependencies extends SimilarDependencies {
  readonly restaurants: RestaurantStore;
  readonly firstReads: FirstReads;
  readonly policies: RoutePolicies;
  readonly onRead: (read: TimedRead) => void;
}

const SHOWN = 6;
/** More than are shown, as restaurants with the same text are folded into one row. */
const ASKED = 24;

export function addRestaurantRoutes(app: Hono, dependencies: RestaurantDependencies): void {
  const { restaurants, embeddings, embedding, currentModel, firstReads, policies } = dependencies;
  const closenessScale = createClosenessScale({ restaurants, embeddings });

  async function find(c: Context): Promise<Restaurant> {
    const id = readId(c.req.param('id'));
    const found = id === undefined ? undefined : await restaurants.find(id, currentModel.version());
    if (!found) throw noSuchRestaurant();
    return found;
  }

  async function similarTo(restaurant: Restaurant) {
    const answer = await findSimilar(dependencies, restaurant.id, { filters: {}, limit: ASKED });
    const scale = await closenessScale(currentModel.version());
    const { family } = kindOf(restaurant.cuisineType);
    const items = await withRestaurants(dependencies, answer.neighbours, (other, { score }) => ({
      restaurant: other,
      score,
      closeness: closenessOf(score, scale),
      sharedWords: sharedWords(restaurant, other),
      isSameCuisine: family !== 'other' && kindOf(other.cuisineType).family === family,
    }));
    return { items: foldTwins(items, SHOWN), coverage: answer.coverage, reason: answer.reason };
  }

  app.get('/explore/restaurants/:id', async (c) => {
    const restaurant = presentRestaurant(await find(c), embedding);
    const first = restaurant.embedding.status === 'ready' ? firstReads.find(restaurant.id) : undefined;
    return sendPage(c, <RestaurantPage view={readView(c)} restaurant={restaurant} first={first} />);
  });

  app.get('/explore/restaurants/:id/timing', async (c) => {
    const { id } = await find(c);
    const first = firstReads.find(id);
    const nowMs = Number(c.req.query('ms') ?? NaN);
    const isGiven = nowMs >= 0 && nowMs < 3_600_000;
    return sendParts(
      c,
      <ReadTiming
        words={readView(c).words}
        first={first}
        nowMs={isGiven ? nowMs : undefined}
        isAlone={!first}
      />,
    );
  });

  app.get('/explore/restaurants/:id/similar', policies.vectors.middleware, async (c) => {
    const view = readView(c);
    const restaurant = await find(c);
    const list = <SimilarList words={view.words} {...await similarTo(restaurant)} />;
    if (c.req.header('x-parts')) return sendParts(c, list);
    const title = view.words.restaurant.similarTo(restaurant.name);
    return sendPage(
      c,
      <Layout view={view} title={title} current="" styles="restaurant.css">
        <h1>{title}</h1>
        {list}
      </Layout>,
    );
  });

  // For readers without scripts. A page view alone embeds nothing, as crawlers also request pages.
  app.post('/explore/restaurants/:id/index', async (c) => {
    const startedAt = performance.now();
    const { id } = await find(c);
    const outcome = await embedding.embedOnDemand(id, {
      priority: 'read',
      waitMs: dependencies.embedWaitMs,
    });
    if (outcome.status === 'ready' && outcome.origin !== 'stored') {
      const durationMs = performance.now() - startedAt;
      dependencies.onRead({ restaurantId: id, kind: 'cold', durationMs, timing: outcome.timing });
    }
    return c.redirect(`/explore/restaurants/${id}`, 303);
  });
}
