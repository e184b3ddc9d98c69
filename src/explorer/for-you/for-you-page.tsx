/** For you: picks and the recommendations for them. Without scripts the picks are a form; the address is the state. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import { CuisineIcon } from '../cuisine-icon.tsx';
import { Layout } from '../layout.tsx';
import type { Words } from '../languages/words.ts';
import { CuisineTile, Figures } from '../restaurant-row.tsx';
import type { ApiRequest, View } from '../view.ts';
import { RecommendedList, type Recommended } from './recommended-list.tsx';

export interface Picks {
  readonly likes: readonly Restaurant[];
  readonly dislikes: readonly number[];
  /** Cards that can be picked, in addition to the picks. */
  readonly starters: readonly Restaurant[];
}

const Card = ({ words, restaurant, isLiked }: { words: Words; restaurant: Restaurant; isLiked: boolean }) => {
  const { id, name, cuisineType, location } = restaurant;
  return (
    <li>
      <label class="pick">
        <input type="checkbox" name="like" value={id} checked={isLiked} data-name={name} />
        <CuisineTile restaurant={restaurant} />
        <span class="pick-text">
          <strong>{name}</strong>
          <span class="facts">{[cuisineType, location].filter(Boolean).join(' · ')}</span>
        </span>
        <Figures words={words} restaurant={restaurant} />
        <span class="heart">
          <CuisineIcon name="heart" />
        </span>
      </label>
    </li>
  );
};

/** `#picks`: likes from other pages first, then the varied cards, which keep their places when liked. */
export const PickCards = ({ words, picks }: { words: Words; picks: Picks }) => {
  const liked = new Set(picks.likes.map(({ id }) => id));
  const elsewhere = picks.likes.filter(({ id }) => !picks.starters.some((starter) => starter.id === id));
  return (
    <ul id="picks" class="picks">
      {[...elsewhere, ...picks.starters].map((restaurant) => (
        <Card words={words} restaurant={restaurant} isLiked={liked.has(restaurant.id)} />
      ))}
    </ul>
  );
};

const requestOf = ({ likes, dislikes }: Picks, limit: number): ApiRequest => ({
  method: 'POST',
  path: '/recommendations',
  body: { likes: likes.map(({ id }) => ({ id })), dislikes, limit },
});

export const ForYouPage = ({
  view,
  picks,
  result,
  limit,
}: {
  view: View;
  picks: Picks;
  result: Recommended | undefined;
  limit: number;
}) => {
  const { words } = view;
  return (
    <Layout
      view={view}
      title={words.forYou.title}
      current="/explore/recommendations"
      script="for-you.js"
      styles="for-you.css"
      requests={[requestOf(picks, limit)]}
    >
      <h1>{words.forYou.lead}</h1>
      <p class="notice" id="shared" hidden>
        {words.forYou.shared}{' '}
        <button type="button" id="adopt">
          {words.forYou.adopt}
        </button>
      </p>
      <div class="columns">
        <form id="pick-form" method="get" action="/explore/recommendations">
          <h2>{words.forYou.picks}</h2>
          {picks.dislikes.map((id) => (
            <input type="hidden" name="dislike" value={id} />
          ))}
          <PickCards words={words} picks={picks} />
          <p class="actions start">
            <button class="primary no-script">{words.forYou.submit}</button>
            <button type="button" class="needs-script" data-share>
              {words.forYou.share}
            </button>
            <button type="button" class="needs-script" id="clear">
              {words.forYou.clear}
            </button>
          </p>
          <p class="note needs-script">{words.forYou.note}</p>
        </form>
        <section aria-labelledby="recommended-title">
          <h2 id="recommended-title">{words.forYou.results}</h2>
          <p class="status" id="trouble" role="status" />
          <RecommendedList words={words} result={result} />
        </section>
      </div>
    </Layout>
  );
};
