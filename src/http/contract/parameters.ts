/** Parameters that several routes share, and how they become filters. */
import { z } from '@hono/zod-openapi';
import { MAX_ID } from '../../catalog/restaurant.ts';
import { readAttributes } from './attribute-filters.ts';
import type { RestaurantFilters } from '../../catalog/restaurant-filters.ts';

const idUpTo = (max: number) => {
  const error = `must be a whole number from 1 to ${max}`;
  return z
    .string()
    .regex(/^[1-9]\d{0,15}$/, { error })
    .transform(Number)
    .refine((id) => id <= max, { error })
    .openapi({ type: 'integer', minimum: 1, maximum: max, example: 1, param: { name: 'id', in: 'path' } });
};

/** The service assigns ids beyond those that a client may choose. */
export const restaurantPath = z.object({ id: idUpTo(Number.MAX_SAFE_INTEGER) });
export const chosenIdPath = z.object({ id: idUpTo(MAX_ID) });

/** As many digits as a double can have; with a negative exponent, as JavaScript writes 0.0000001. */
const digits = String.raw`(\.\d{1,25})?(e-\d{1,3})?`;
const zeros = String.raw`(\.0{1,25})?`;

const decimal = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z
    .string()
    .regex(new RegExp(`^-?\\d{1,6}${digits}$`), { error })
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

const wholeNumberUpTo = (max: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, { error: `must be a whole number from 0 to ${max}` })
    .transform(Number)
    .refine((value) => value <= max, { error: `must be a whole number from 0 to ${max}` });

export const MAX_OFFSET = 1_000;
export const MAX_EXCLUDED = 200;

/** A parameter that may be given once or several times. */
const repeatable = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.union([z.string().transform((value) => [value]), z.array(z.string())]).pipe(z.array(item).max(50));

const nearPattern = String.raw`^-?(90${zeros}|[0-8]?\d${digits}), ?-?(180${zeros}|(1[0-7]\d|0?\d{1,2})${digits})$`;
const nearParameter = z
  .string()
  .regex(new RegExp(nearPattern), { error: 'must be latitude,longitude in degrees, e.g. -23.55,-46.63' })
  .transform((value) => {
    const [latitude = Number.NaN, longitude = Number.NaN] = value.split(',').map(Number);
    return { latitude, longitude };
  });

/** Paging and diversity of ranked answers. */
export const rankingParameters = {
  offset: wholeNumberUpTo(MAX_OFFSET).default(0).openapi({
    type: 'integer',
    minimum: 0,
    maximum: MAX_OFFSET,
    description:
      'Items of the ranking that are passed over. With an offset, nothing is embedded for the answer.',
  }),
  exclude: z
    .string()
    .regex(/^[1-9]\d{0,15}(,[1-9]\d{0,15})*$/, { error: 'must be ids of restaurants, separated by commas' })
    .transform((value) => value.split(',').map(Number))
    .refine((ids) => ids.length <= MAX_EXCLUDED, { error: `must be at most ${MAX_EXCLUDED} ids` })
    .optional()
    .openapi({
      type: 'string',
      pattern: String.raw`^[1-9]\d{0,15}(,[1-9]\d{0,15}){0,199}$`,
      description: 'Ids that are left out, separated by commas.',
      example: '3,14',
    }),
  diversity: decimal(0, 1).default(0).openapi({
    type: 'number',
    minimum: 0,
    maximum: 1,
    description:
      'How much items are kept from being alike (maximal marginal relevance); 0 ranks by the score alone.',
  }),
};

export const similarityParameter = decimal(-1, 1).openapi({
  type: 'number',
  minimum: -1,
  maximum: 1,
  description:
    'The least cosine of an item that has none of the words of the query, in place of the measured one.',
});

/** The filters, the same on every route that selects restaurants. */
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
  location: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({
      description:
        'Words of the location in this order, without regard to case and accents. English and Portuguese names of a ' +
        'city are the same.',
      example: 'sao paulo',
    }),
  near: nearParameter.optional().openapi({
    type: 'string',
    pattern: nearPattern,
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
  readonly updatedSince?: string | undefined;
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
    attributes: readAttributes(query),
    updatedSince: query.updatedSince && new Date(query.updatedSince).toISOString(),
  };
}
