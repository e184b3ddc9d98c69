/** Parameters that are lists with commas: ids, fields of an answer, facets. */
import { z } from '@hono/zod-openapi';
import { fieldNames } from '../../catalog/patch-restaurant.ts';
import { facetFields } from '../../catalog/restaurant-store.ts';

const MAX_IDS = 100;

/** Values separated by commas; also repeated, as generated clients send lists. */
function commaList<Item extends z.ZodType<unknown, string>>(item: Item, maxItems: number) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(item).max(maxItems, { error: `must not name more than ${maxItems}` }));
}
type ItemSchema = { type: 'integer' | 'string'; minimum?: number; enum?: string[] };
const asArray = (items: ItemSchema, maxItems: number, description: string) => ({
  type: 'array' as const,
  items,
  maxItems,
  description,
  param: { style: 'form' as const, explode: false },
});

const id = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, { error: 'must be ids with commas between them' })
  .transform(Number)
  .refine(Number.isSafeInteger, { error: 'must be ids with commas between them' });

export const idsParameter = commaList(id, MAX_IDS)
  .optional()
  .openapi(
    asArray(
      { type: 'integer', minimum: 1 },
      MAX_IDS,
      'These restaurants, in this order; those that do not exist are left out.',
    ),
  );

export const externalIdsParameter = z
  .union([z.string().transform((value) => [value]), z.array(z.string())])
  .pipe(z.array(z.string().min(1).max(200)).max(MAX_IDS))
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 200 },
    maxItems: MAX_IDS,
    description: 'The restaurants with these external ids, in this order. Repeatable.',
  });

const selectable = [...fieldNames, 'id', 'createdAt', 'updatedAt', 'version', 'embedding'] as const;

export const fieldsParameter = commaList(
  z.enum(selectable, { error: `must name fields of a restaurant: ${selectable.join(', ')}` }),
  selectable.length,
)
  .optional()
  .openapi(
    asArray(
      { type: 'string', enum: [...selectable] },
      selectable.length,
      'Answers with these fields and `id` only.',
    ),
  );

export const facetsParameter = commaList(
  z.enum(facetFields, { error: `must be ${facetFields.join(', ')}, or several of them` }),
  facetFields.length,
)
  .optional()
  .openapi(
    asArray(
      { type: 'string', enum: [...facetFields] },
      facetFields.length,
      'Counts the restaurants that match the filters by these fields.',
    ),
  );
