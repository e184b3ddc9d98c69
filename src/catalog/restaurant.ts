/** A restaurant: the fields that clients write, and what they read. */
import { z } from 'zod';
import { attributesSchema } from './attributes.ts';

/**
 * The largest id that a client may choose. New ids continue from the largest one ever used, and a JavaScript number is
 * exact up to 2^53 − 1: the upper half of that range is left for ids that the service assigns.
 */
export const MAX_ID = 2 ** 52 - 1;

const text = (maxLength: number, example: string) =>
  z
    .string()
    .max(maxLength)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), {
      error: 'must be well-formed Unicode without NUL characters',
    })
    .meta({ example });

/** A schema for each field, as it is read. */
export const writable = {
  externalId: text(200, 'bh-casa-da-serra').min(1).nullable(),
  name: text(200, 'Casa da Serra').refine((value) => value.trim() !== '', { error: 'must not be blank' }),
  cuisineType: text(100, 'Mineira').nullable(),
  description: text(5_000, 'Feijoada à mineira e tutu no fogão a lenha.').nullable(),
  rating: z.number().min(0).max(5).nullable().meta({ example: 4.6 }),
  priceLevel: z.int().min(1).max(4).nullable().meta({ example: 2 }),
  location: text(200, 'Savassi, Belo Horizonte').nullable(),
  latitude: z.number().min(-90).max(90).nullable().meta({ example: -19.9352 }),
  longitude: z.number().min(-180).max(180).nullable().meta({ example: -43.9332 }),
  attributes: attributesSchema.nullable(),
};

/** The fields that a client writes. Every one but `name` may be null, and is null when left out. */
export const restaurantFieldsSchema = z
  .strictObject({
    ...writable,
    externalId: writable.externalId.default(null),
    cuisineType: writable.cuisineType.default(null),
    description: writable.description.default(null),
    rating: writable.rating.default(null),
    priceLevel: writable.priceLevel.default(null),
    location: writable.location.default(null),
    latitude: writable.latitude.default(null),
    longitude: writable.longitude.default(null),
    attributes: writable.attributes.default(null),
  })
  .check((context) => {
    const { latitude, longitude } = context.value;
    if ((latitude === null) !== (longitude === null)) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: [latitude === null ? 'latitude' : 'longitude'],
        message: 'latitude and longitude must be given together',
      });
    }
  })
  .meta({ id: 'RestaurantFields' });

/** A JSON merge patch (RFC 7396) of the fields: what is absent stays, what is null becomes null. */
export const restaurantPatchSchema = z.strictObject(writable).partial().meta({ id: 'RestaurantPatch' });
export type RestaurantPatch = z.infer<typeof restaurantPatchSchema>;

export type RestaurantFields = z.infer<typeof restaurantFieldsSchema>;

/**
 * Embedding status of a restaurant:
 * - `missing`: never embedded;
 * - `pending`: being embedded, or queued for it;
 * - `ready`: a vector made by the current model from the current text;
 * - `stale`: a vector of an earlier text or another model, which is never used;
 * - `failed`: the last attempt failed and is retried later.
 */
export const embeddingStatuses = ['missing', 'pending', 'ready', 'stale', 'failed'] as const;
export type EmbeddingStatus = (typeof embeddingStatuses)[number];

/** The embedding as part of a restaurant. `model` and `createdAt` are null unless a vector exists. */
export interface EmbeddingSummary {
  readonly status: EmbeddingStatus;
  readonly model: string | null;
  readonly createdAt: string | null;
  /** A stable code saying why the status is `pending` or `failed`. */
  readonly reason?: string;
}

export interface Restaurant extends Readonly<RestaurantFields> {
  readonly id: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Starts at 1 and grows by 1 with every change of a field. */
  readonly version: number;
  readonly embedding: EmbeddingSummary;
}
