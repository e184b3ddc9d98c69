/** A restaurant as it appears in every list: an outline while it is not indexed, solid once it is. */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Restaurant } from '../catalog/restaurant.ts';
import type { MarkedRestaurant } from '../search/mark-words.ts';
import { CuisineIcon } from './cuisine-icon.tsx';
import { kindOf } from './cuisine-families.ts';
import { detectLanguage } from './detect-language.ts';
import type { Words } from './languages/words.ts';

export const TasteButtons = ({ words, id, name }: { words: Words } & Pick<Restaurant, 'id' | 'name'>) => (
  <span class="taste needs-script" data-taste={id} data-name={name}>
    <button type="button" data-value="like" aria-pressed="false" aria-label={words.restaurant.like(name)}>
      <CuisineIcon name="heart" />
    </button>
    <button
      type="button"
      data-value="dislike"
      aria-pressed="false"
      aria-label={words.restaurant.dislike(name)}
    >
      <span aria-hidden="true">✕</span>
    </button>
  </span>
);

export const CuisineTile = ({ restaurant }: { restaurant: Restaurant }) => {
  const { family, icon } = kindOf(restaurant.cuisineType);
  return (
    <span class={`tile ${family}`}>
      <CuisineIcon name={icon} />
    </span>
  );
};

export const Figures = ({
  words,
  restaurant: { rating, priceLevel },
  distanceKm,
}: {
  words: Words;
  restaurant: Restaurant;
  distanceKm?: number | undefined;
}) => (
  <p class="figures">
    {rating !== null && (
      <span class="rating">
        <span aria-hidden="true">★ {words.decimal(rating, 1)}</span>
        <span class="unseen">{words.restaurant.reviews(words.decimal(rating, 1))}</span>
      </span>
    )}
    {priceLevel !== null && (
      <span class="price">
        <span aria-hidden="true">{'$'.repeat(priceLevel)}</span>
        <span class="unseen">{words.restaurant.priceOf(priceLevel)}</span>
      </span>
    )}
    {distanceKm !== undefined && <span class="distance">{words.kilometres(distanceKm)}</span>}
  </p>
);

export interface RowProps {
  readonly words: Words;
  readonly restaurant: Restaurant;
  /** Shown instead of name and description; its HTML is escaped. */
  readonly marked?: MarkedRestaurant | undefined;
  readonly distanceKm?: number | undefined;
  /** Why it is here. */
  readonly children?: Child;
}

export const RestaurantRow = ({ words, restaurant, marked, distanceKm, children }: RowProps) => {
  const { id, name, cuisineType, location, description, embedding } = restaurant;
  const isLit = embedding.status === 'ready';
  const language = detectLanguage(`${name} ${description ?? ''}`);
  return (
    <li class="row" data-id={id} data-lit={isLit ? '' : undefined}>
      <CuisineTile restaurant={restaurant} />
      <div class="row-text">
        <h3 lang={language}>
          <a href={`/explore/restaurants/${id}`}>{marked ? raw(marked.name) : name}</a>
        </h3>
        <p class="facts">
          {[cuisineType, location].filter(Boolean).join(' · ')}
          {!isLit && <span class="unseen" data-unlit>{` · ${words.list.notIndexed}`}</span>}
        </p>
        {description && (
          <p class="description" lang={language}>
            {marked?.snippet ? raw(marked.snippet) : description}
          </p>
        )}
        {children}
      </div>
      <Figures words={words} restaurant={restaurant} distanceKm={distanceKm} />
      <TasteButtons words={words} id={id} name={name} />
    </li>
  );
};
