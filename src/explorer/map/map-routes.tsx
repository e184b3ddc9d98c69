/** The map's page, its points in a compact form, and the card of one of them. */
import type { Hono } from 'hono';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import type { RoutePolicies } from '../../http/middleware/route-policies.ts';
import type { VectorMap } from '../../search/vector-map.ts';
import { families, kindOf } from '../cuisine-families.ts';
import { noSuchRestaurant } from '../problem-page.tsx';
import { readId } from '../read-id.ts';
import { sendPage, sendParts } from '../send-page.ts';
import { readView } from '../view.ts';
import { MapCard } from './map-card.tsx';
import { MapPage } from './map-page.tsx';

export interface MapDependencies {
  readonly map: VectorMap;
  readonly restaurants: Pick<RestaurantStore, 'find'>;
  readonly currentModel: CurrentModel;
  readonly policies: Pick<RoutePolicies, 'serialise'>;
}

/** The default limit of `/map`. */
const MAX_POINTS = 10_000;
/** A thousandth of the map is less than a pixel. */
const round = (value: number) => Math.round(value * 1_000) / 1_000;

/** Caches the family of each cuisine, as cuisines repeat. */
function familyIndexes() {
  const known = new Map<string | null, number>();
  return (cuisineType: string | null): number => {
    const index = known.get(cuisineType) ?? families.indexOf(kindOf(cuisineType).family);
    known.set(cuisineType, index);
    return index;
  };
}

export function addMapRoutes(app: Hono, { map, restaurants, currentModel, policies }: MapDependencies): void {
  app.get('/explore/map', (c) => sendPage(c, <MapPage view={readView(c)} />));

  app.get('/explore/map/data', policies.serialise, async (c) => {
    const { words } = readView(c);
    const { fit, total, points } = await map.points(MAX_POINTS, currentModel.version());
    const familyOf = familyIndexes();
    const lit = points.filter(({ position }) => position).length;
    return c.json(
      {
        fit,
        total,
        summary: words.map.summary(lit, points.length, total),
        families: families.map((key) => ({ key, name: words.families[key] })),
        // id, name, cuisine, index of the family, and x and y where there is a vector.
        points: points.map(({ id, name, cuisineType, position }) => [
          id,
          name,
          cuisineType,
          familyOf(cuisineType),
          ...(position ? position.map(round) : []),
        ]),
      },
      200,
      { 'Cache-Control': 'no-store' },
    );
  });

  app.get('/explore/map/cards/:id', async (c) => {
    const id = readId(c.req.param('id'));
    const found = id === undefined ? undefined : await restaurants.find(id, currentModel.version());
    if (!found) throw noSuchRestaurant();
    return sendParts(c, <MapCard words={readView(c).words} restaurant={found} />);
  });
}
