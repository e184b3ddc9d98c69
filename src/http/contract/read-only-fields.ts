/** Fields that the service sets. A PUT may contain them unchanged, so that a restaurant can be sent back as read. */
import { z } from '@hono/zod-openapi';
import { restaurantFieldsSchema, type Restaurant, type RestaurantFields } from '../../catalog/restaurant.ts';
import { Problem, type FieldError } from './problem.ts';

/** These change by themselves; their values in a PUT are ignored. */
const derived = ['embedding', 'distanceKm'] as const;
const recorded = ['id', 'createdAt', 'updatedAt', 'version'] as const;
export const readOnlyFields: ReadonlySet<string> = new Set([...recorded, ...derived]);

const readOnly = <Schema extends z.ZodType>(schema: Schema) => schema.optional().openapi({ readOnly: true });

export const putSchema = restaurantFieldsSchema
  .safeExtend({
    id: readOnly(z.int()),
    createdAt: readOnly(z.string()),
    updatedAt: readOnly(z.string()),
    version: readOnly(z.int()),
    embedding: readOnly(z.record(z.string(), z.unknown())),
    distanceKm: readOnly(z.number().nullable()),
  })
  .openapi('RestaurantReplacement');

/** The fields to store. Throws `invalid-request` if a read-only field differs from the row. */
export function withoutReadOnly(
  body: z.output<typeof putSchema>,
  id: number,
  current: Restaurant | undefined,
): RestaurantFields {
  const {
    id: givenId,
    createdAt,
    updatedAt,
    version,
    embedding: _embedding,
    distanceKm: _distance,
    ...fields
  } = body;
  const given = { id: givenId, createdAt, updatedAt, version };
  const expected = { id, ...(current && { ...pick(current) }) };
  const errors = recorded.flatMap((name): FieldError[] => {
    const value = (expected as Partial<typeof given>)[name];
    if (given[name] === undefined || value === undefined || given[name] === value) return [];
    return [{ pointer: `/${name}`, detail: `is read-only; the restaurant has ${JSON.stringify(value)}` }];
  });
  if (errors.length === 0) return fields;
  throw new Problem('invalid-request', 'The body changes read-only fields; nothing was stored.', { errors });
}

const pick = ({ createdAt, updatedAt, version }: Restaurant) => ({ createdAt, updatedAt, version });
