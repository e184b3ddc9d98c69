/** Recommendations from the picks in the address. Without a like nothing is ranked and nothing embedded. */
import type { Context, Hono } from 'hono';
import type { RoutePolicies } from '../../http/middleware/route-policies.ts';
import { presentRestaurant } from '../../http/routes/present-restaurant.ts';
import { withRestaurants } from '../../http/routes/ranked-answers.ts';
import { recommend, type RecommendDependencies } from '../../search/recommend.ts';
import { readId } from '../read-id.ts';
import { sendPage, sendParts } from '../send-page.ts';
import { readView } from '../view.ts';
import { ForYouPage, PickCards, type Picks } from './for-you-page.tsx';
import { RecommendedList, type Recommended } from './recommended-list.tsx';
import { chooseStarters } from './starters.ts';

export interface ForYouDependencies extends RecommendDependencies {
  readonly policies: RoutePolicies;
}

const RECOMMENDED = 9;
const MAX_TASTES = 200;
const PATH = '/explore/recommendations';

export function addForYouRoutes(app: Hono, dependencies: ForYouDependencies): void {
  const { restaurants, embedding, currentModel, policies } = dependencies;

  /** Leaves out restaurants that were deleted after they were liked: a browser remembers likes for long. */
  async function existing(ids: readonly string[] = []) {
    const wanted = ids.slice(0, MAX_TASTES).flatMap((id) => readId(id) ?? []);
    return restaurants.findMany(wanted, currentModel.version());
  }

  async function readPicks(c: Context): Promise<Picks> {
    const likes = (await existing(c.req.queries('like'))).map((row) => presentRestaurant(row, embedding));
    const dislikes = (await existing(c.req.queries('dislike'))).map(({ id }) => id);
    return { likes, dislikes, starters: await chooseStarters(dependencies) };
  }

  async function recommendFrom({ likes, dislikes }: Picks): Promise<Recommended | undefined> {
    if (likes.length === 0) return undefined;
    const request = { likes: likes.map(({ id }) => ({ id })), dislikes, filters: {}, limit: RECOMMENDED };
    const answer = await recommend(dependencies, request);
    const items = await withRestaurants(dependencies, answer.items, (restaurant, { because }) => ({
      restaurant,
      because,
    }));
    const { strategy, coverage, leftOut, reason } = answer;
    return { items, strategy, coverage, leftOut: leftOut.length, reason };
  }

  app.use(PATH, (c, next) =>
    c.req.query('like') === undefined ? next() : policies.vectors.middleware(c, next),
  );
  app.get(PATH, async (c) => {
    const picks = await readPicks(c);
    const result = await recommendFrom(picks);
    const view = readView(c);
    if (!c.req.header('x-parts'))
      return sendPage(c, <ForYouPage view={view} picks={picks} result={result} limit={RECOMMENDED} />);
    return sendParts(
      c,
      <>
        <PickCards words={view.words} picks={picks} />
        <RecommendedList words={view.words} result={result} />
      </>,
    );
  });
}
