/** Parameters that several routes share, and how they become filters. */
import { z } from '@hono/zod-openapi';
import type { RestaurantFilters } from '../catalog/restaurant-filters.ts';

export const idParameter = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, { error: 'must be a whole number from 1 to 9007199254740991' })
  .transform(Number)
  .refine(Number.isSafeInteger, { error: 'must be a whole number from 1 to 9007199254740991' })
  .openapi({ type: 'integer', minimum: 1, example: 1 });

export const restaurantPath = z.object({ id: idParameter.openapi({ param: { name: 'id', in: 'path' } }) });

const decimal = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,6}(\.\d{1,12})?$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
};

export const limitParameter = (fallback: number) =>
  z
    .string()
    .regex(/^([1-9]\d?|100)$/, { error: 'must be a whole number from 1 to 100' })
    .transform(Number)
    .default(fallback)
    .openapi({ type: 'integer', minimum: 1, maximum: 100 });

/** A parameter that may be given once or several times. */
const repeatable = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.union([z.string().transform((value) => [value]), z.array(z.string())]).pipe(z.array(item).max(50));

const error = 'must be latitude,longitude in degrees, e.g. -23.55,-46.63';
const nearParameter = z
  .string()
  .regex(/^-?\d{1,2}(\.\d{1,12})?,-?\d{1,3}(\.\d{1,12})?$/, { error })
  .transform((value) => {
    const [latitude = Number.NaN, longitude = Number.NaN] = value.split(',').map(Number);
    return { latitude, longitude };
  })
  .refine(({ latitude, longitude }) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, { error });

/** The filters of design: the same on every route that selects restaurants. */
export const filterParameters = {
  cuisineType: repeatable(z.string().min(1).max(100))
    .optional()
    .openapi({
      type: 'array',
      maxItems: 50,
      items: { type: 'string', minLength: 1, maxLength: 100 },
      description: 'Any of these cuisines, without regard to case and accents. Repeatable.',
    }),
  minRating: decimal(0, 5).optional().openapi({ type: 'number', minimum: 0, maximum: 5 }),
  priceLevel: repeatable(
    z
      .string()
      .regex(/^[1-4]$/, { error: 'must be 1, 2, 3 or 4' })
      .transform(Number),
  )
    .optional()
    .openapi({
      type: 'array',
      maxItems: 50,
      items: { type: 'integer', minimum: 1, maximum: 4 },
      description: 'Repeatable.',
    }),
  location: z.string().min(1).max(200).optional().openapi({
    description: 'Part of the location, without regard to case and accents.',
    example: 'sao paulo',
  }),
  near: nearParameter.optional().openapi({
    type: 'string',
    pattern: '^-?[0-8]?\\d(\\.\\d{1,12})?,-?(1[0-7]\\d|\\d{1,2})(\\.\\d{1,12})?$',
    example: '-23.55,-46.63',
  }),
  radiusKm: decimal(0, 20_038)
    .optional()
    .openapi({ type: 'number', minimum: 0, maximum: 20_038, description: 'Only together with `near`.' }),
  embedded: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .optional()
    .openapi({ type: 'boolean', description: 'Whether a current vector exists.' }),
};

interface FilterQuery {
  readonly cuisineType?: string[] | undefined;
  readonly minRating?: number | undefined;
  readonly priceLevel?: number[] | undefined;
  readonly location?: string | undefined;
  readonly near?: { latitude: number; longitude: number } | undefined;
  readonly radiusKm?: number | undefined;
  readonly embedded?: boolean | undefined;
}

export const radiusNeedsNear = {
  check: (query: FilterQuery) => query.radiusKm === undefined || query.near !== undefined,
  options: { path: ['radiusKm'], error: 'needs near=latitude,longitude' },
};

export function toFilters(query: FilterQuery): RestaurantFilters {
  return {
    cuisineTypes: query.cuisineType,
    minRating: query.minRating,
    priceLevels: query.priceLevel,
    location: query.location,
    near: query.near && { ...query.near, radiusKm: query.radiusKm },
    embedded: query.embedded,
  };
}
