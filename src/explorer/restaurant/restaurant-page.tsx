/** One restaurant, and similar ones. With scripts, opening the page is its first read; without them a button is. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { FirstRead } from '../../telemetry/first-reads.ts';
import { detectLanguage } from '../detect-language.ts';
import { Layout } from '../layout.tsx';
import { reasonInWords, type Words } from '../languages/words.ts';
import { CuisineTile, Figures, TasteButtons } from '../restaurant-row.tsx';
import type { ApiRequest, View } from '../view.ts';
import { ReadTiming } from './read-timing.tsx';

const SIMILAR_ROWS = 6;

const IndexButton = ({ words, restaurant: { id, embedding } }: { words: Words; restaurant: Restaurant }) => (
  <form class="no-script" method="post" action={`/explore/restaurants/${id}/index`}>
    <p class="notice">
      {embedding.reason
        ? `${words.restaurant.notIndexedYet} (${reasonInWords(words, embedding.reason)})`
        : words.restaurant.notIndexedYet}{' '}
      <button class="primary">{words.restaurant.index}</button>
    </p>
  </form>
);

const Waiting = () => (
  <div id="similar" class="needs-script" aria-hidden="true">
    <ul class="rows">
      {Array.from({ length: SIMILAR_ROWS }, () => (
        <li class="row skeleton" />
      ))}
    </ul>
  </div>
);

export const RestaurantPage = ({
  view,
  restaurant,
  first,
}: {
  view: View;
  restaurant: Restaurant;
  first: FirstRead | undefined;
}) => {
  const { words } = view;
  const { id, name, description, cuisineType, location, embedding } = restaurant;
  const language = detectLanguage(`${name} ${description ?? ''}`);
  const requests: ApiRequest[] = [
    { method: 'GET', path: `/restaurants/${id}` },
    { method: 'GET', path: `/restaurants/${id}/similar?limit=${SIMILAR_ROWS}` },
  ];
  return (
    <Layout
      view={view}
      title={name}
      current=""
      script="restaurant.js"
      styles="restaurant.css"
      requests={requests}
    >
      <article data-restaurant={id} data-status={embedding.status}>
        <div class="headline">
          <CuisineTile restaurant={restaurant} />
          <div>
            <h1 lang={language}>{name}</h1>
            <p class="facts">{[cuisineType, location].filter(Boolean).join(' · ')}</p>
            <Figures words={words} restaurant={restaurant} />
          </div>
          <TasteButtons words={words} id={id} name={name} />
        </div>
        <p class="lead" lang={description ? language : undefined}>
          {description ?? words.restaurant.noDescription}
        </p>
        <p id="embedding-note" class="summary needs-script" role="status" />
        <ReadTiming
          words={words}
          first={first}
          nowMs={undefined}
          isAlone={!first && embedding.status === 'ready'}
        />
        {embedding.status !== 'ready' && <IndexButton words={words} restaurant={restaurant} />}
      </article>
      <section aria-labelledby="similar-title">
        <h2 id="similar-title">{words.restaurant.similar}</h2>
        <p class="status" id="trouble" role="status" />
        <Waiting />
        <p class="no-script">
          <a href={`/explore/restaurants/${id}/similar`}>{words.restaurant.showSimilar}</a>
        </p>
      </section>
    </Layout>
  );
};
