/** Answers with some fields of a restaurant (`fields=`). */
import { z } from '@hono/zod-openapi';
import type { Restaurant } from '../../catalog/restaurant.ts';
import { facetsSchema } from '../contract/facet-schema.ts';
import { restaurantSchema } from '../contract/schemas.ts';

/** A media type of its own: in plain JSON every field is present. */
export const SELECTION_TYPE = 'application/vnd.tastematch.selection+json';

const selectionSchema = restaurantSchema
  .partial()
  .required({ id: true })
  .openapi('RestaurantSelection', { example: { id: 1, name: 'Casa da Serra' } });

export const selectionPageSchema = z
  .object({
    items: z.array(selectionSchema),
    nextCursor: z.string().nullable(),
    total: z.int().min(0),
    facets: facetsSchema.optional(),
  })
  .openapi('RestaurantSelectionPage', {
    example: { items: [{ id: 1, name: 'Casa da Serra' }], nextCursor: null, total: 1 },
  });

/** `id`, the fields that are named, and `distanceKm` where the answer has it. */
export function selectFields<Row extends Restaurant>(
  restaurant: Row,
  fields: readonly string[],
): Partial<Row> {
  const kept = new Set([...fields, 'id', 'distanceKm']);
  return Object.fromEntries(Object.entries(restaurant).filter(([name]) => kept.has(name))) as Partial<Row>;
}
