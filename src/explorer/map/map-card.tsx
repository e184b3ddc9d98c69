/** The restaurant that was picked on the map. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import { detectLanguage } from '../detect-language.ts';
import type { Words } from '../languages/words.ts';
import { CuisineTile, Figures, TasteButtons } from '../restaurant-row.tsx';

/** `#map-card`. */
export const MapCard = ({ words, restaurant }: { words: Words; restaurant: Restaurant }) => {
  const { id, name, cuisineType, location, description } = restaurant;
  const language = detectLanguage(`${name} ${description ?? ''}`);
  return (
    <aside id="map-card" aria-label={words.map.card} data-id={id} tabindex={-1}>
      <button type="button" id="close-card" aria-label={words.map.close}>
        <span aria-hidden="true">✕</span>
      </button>
      <CuisineTile restaurant={restaurant} />
      <h2 lang={language}>{name}</h2>
      <p class="facts">{[cuisineType, location].filter(Boolean).join(' · ')}</p>
      <Figures words={words} restaurant={restaurant} />
      {description && (
        <p class="description" lang={language}>
          {description}
        </p>
      )}
      <p class="actions start">
        <a class="button primary" href={`/explore/restaurants/${id}`}>
          {words.map.open}
        </a>
        <TasteButtons words={words} id={id} name={name} />
      </p>
    </aside>
  );
};
