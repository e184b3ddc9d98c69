/** The columns of a restaurant that both engines share: how a row becomes a Restaurant, and the reverse. */
import { foldText } from '../../catalog/fold-text.ts';
import type { EmbeddingSummary, Restaurant, RestaurantFields } from '../../catalog/restaurant.ts';
import { embeddingText, hashText } from '../../embedding/embedding-text.ts';

export interface RestaurantRow {
  readonly id: number;
  readonly external_id: string | null;
  readonly name: string;
  readonly cuisine_type: string | null;
  readonly description: string | null;
  readonly rating: number | null;
  readonly price_level: number | null;
  readonly location: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** JSON. */
  readonly attributes: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
  readonly status: EmbeddingSummary['status'];
  readonly model: string | null;
  readonly embedded_at: string | null;
  readonly reason: string | null;
}

/** A row in which `attributes` is still JSON, and the same with its value. */
export type WithJson<Row extends { readonly attributes: unknown }> = Omit<Row, 'attributes'> & {
  readonly attributes: string | null;
};
export function parseAttributes<Row extends { readonly attributes: string | null }>(row: Row) {
  const { attributes } = row;
  return {
    ...row,
    attributes: attributes === null ? null : (JSON.parse(attributes) as RestaurantFields['attributes']),
  };
}

export function toRestaurant(row: RestaurantRow): Restaurant {
  return {
    id: row.id,
    externalId: row.external_id,
    name: row.name,
    cuisineType: row.cuisine_type,
    description: row.description,
    rating: row.rating,
    priceLevel: row.price_level,
    location: row.location,
    latitude: row.latitude,
    longitude: row.longitude,
    attributes: parseAttributes(row).attributes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    embedding: {
      status: row.status,
      model: row.model,
      createdAt: row.embedded_at,
      ...(row.status === 'failed' && row.reason !== null && { reason: row.reason }),
    },
  };
}

/** The columns that follow from the fields a client writes. */
export function toColumns(fields: RestaurantFields) {
  return {
    external_id: fields.externalId,
    name: fields.name,
    cuisine_type: fields.cuisineType,
    description: fields.description,
    rating: fields.rating,
    price_level: fields.priceLevel,
    location: fields.location,
    latitude: fields.latitude,
    longitude: fields.longitude,
    attributes: fields.attributes === null ? null : JSON.stringify(fields.attributes),
    name_folded: foldText(fields.name),
    cuisine_folded: fields.cuisineType === null ? null : foldText(fields.cuisineType),
    location_folded: fields.location === null ? null : foldText(fields.location),
    text_hash: hashText(embeddingText(fields)),
  };
}
