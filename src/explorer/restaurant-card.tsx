/** A restaurant as it appears in every list. */
import type { Child } from 'hono/jsx';
import type { Restaurant } from '../catalog/restaurant.ts';
import { MarkedText } from './marked-text.tsx';

export const EmbeddingBadge = ({ embedding }: Pick<Restaurant, 'embedding'>) => (
  <span class={`badge ${embedding.status}`} title={embedding.reason ?? 'State of its embedding'}>
    {embedding.status}
  </span>
);

export const TasteButtons = ({ id, name }: Pick<Restaurant, 'id' | 'name'>) => (
  <span class="taste needs-script" data-taste={id} data-name={name}>
    <button type="button" data-value="like" aria-pressed="false" aria-label={`Like ${name}`}>
      ♥
    </button>
    <button type="button" data-value="dislike" aria-pressed="false" aria-label={`Dislike ${name}`}>
      ✕
    </button>
  </span>
);

export const Facts = ({
  restaurant: { cuisineType, location, rating, priceLevel },
}: {
  restaurant: Restaurant;
}) => (
  <p class="facts">
    {[
      cuisineType,
      location,
      rating !== null && `★ ${rating.toFixed(1)}`,
      priceLevel && '$'.repeat(priceLevel),
    ]
      .filter(Boolean)
      .map((fact) => (
        <>
          <span>{fact}</span>{' '}
        </>
      ))}
  </p>
);

/** `words` are marked in the description; `children` says why it is here. */
export const RestaurantCard = ({
  restaurant,
  words = [],
  children,
}: {
  restaurant: Restaurant;
  words?: readonly string[];
  children?: Child;
}) => (
  <li class="card" data-id={restaurant.id}>
    <div class="card-head">
      <h3>
        <a href={`/explore/restaurants/${restaurant.id}`}>{restaurant.name}</a>
      </h3>
      <EmbeddingBadge embedding={restaurant.embedding} />
      <TasteButtons id={restaurant.id} name={restaurant.name} />
    </div>
    <Facts restaurant={restaurant} />
    {restaurant.description && (
      <p class="description">
        <MarkedText text={restaurant.description} words={words} />
      </p>
    )}
    {children}
  </li>
);

/** `data-count`: the modules say it in the line that stays, before the part that changes. */
export const CoverageNote = ({
  coverage: { eligible, embedded, toppedUp },
}: {
  coverage: { readonly eligible: number; readonly embedded: number; readonly toppedUp: number };
}) => (
  <p class="coverage" data-count>
    {`${embedded} of ${eligible} could be found by meaning`}
    {toppedUp > 0 && `, ${toppedUp} of them embedded for this very answer`}.
  </p>
);
