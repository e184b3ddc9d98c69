/** Marks the words that a restaurant shares with another one. */
import { foldText } from '../catalog/fold-text.ts';
import type { Restaurant } from '../catalog/restaurant.ts';
import { markRestaurant, type MarkedRestaurant } from '../search/mark-words.ts';

export const markShared = (restaurant: Restaurant, sharedWords: readonly string[]): MarkedRestaurant =>
  markRestaurant(restaurant, new Set(sharedWords.map(foldText)));
