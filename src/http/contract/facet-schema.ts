/** The schema of facets. */
import { z } from '@hono/zod-openapi';
import type { FacetField, Facets } from '../../catalog/restaurant-store.ts';

/** Number of values of each field. */
export const MAX_FACET_VALUES = 50;

const counts = <Value extends z.ZodType>(value: Value) =>
  z.array(z.object({ value, count: z.int().min(1) })).optional();

export const facetsSchema = z
  .object({ cuisineType: counts(z.string()), priceLevel: counts(z.int()), location: counts(z.string()) })
  .openapi('Facets', {
    description: `The ${MAX_FACET_VALUES} most frequent values of each field that was asked for.`,
  });

type ShownFacets = z.infer<typeof facetsSchema>;

/** As {@link facetsSchema} has them: the store's lists are read-only. */
export const presentFacets = (facets: Facets) =>
  Object.fromEntries(
    Object.entries(facets).map(([field, values]) => [field as FacetField, [...values]]),
  ) as ShownFacets;
