/** The query parameters of GET /restaurants. */
import { z } from '@hono/zod-openapi';
import { restaurantSorts } from '../../catalog/restaurant-store.ts';
import { filterQuery } from '../contract/attribute-filters.ts';
import {
  externalIdsParameter,
  facetsParameter,
  fieldsParameter,
  idsParameter,
} from '../contract/list-parameters.ts';
import { filterParameters, limitParameter, radiusNeedsNear } from '../contract/parameters.ts';

/** Parameters that cannot be combined with a lookup by id or externalId. */
const besideLookups = new Set(['ids', 'externalId', 'fields', 'sort', 'limit']);

export const listQuerySchema = filterQuery({
  ...filterParameters,
  q: z.string().max(10_000).optional().openapi({
    description: 'Words that must all occur in name, cuisine or description; the last may be a prefix.',
  }),
  updatedSince: z.iso
    .datetime({ offset: true, error: 'must be a time in ISO 8601, e.g. 2026-11-02T12:00:00Z' })
    .optional()
    .openapi({
      type: 'string',
      format: 'date-time',
      description: 'Created or changed at this time or later. `+` in an offset is written `%2B`.',
    }),
  ids: idsParameter,
  externalId: externalIdsParameter,
  fields: fieldsParameter,
  facets: facetsParameter,
  sort: z.enum(restaurantSorts).default('id'),
  limit: limitParameter(20),
  cursor: z.string().min(1).max(2_000).optional().openapi({
    description: '`nextCursor` of the previous page; valid for the same query only, but `limit` may change.',
  }),
})
  .refine(radiusNeedsNear.check, radiusNeedsNear.options)
  .refine(({ sort, near }) => sort !== 'distance' || near !== undefined, {
    path: ['sort'],
    error: 'distance needs near=latitude,longitude',
  })
  .refine(({ sort, near, radiusKm }) => near === undefined || radiusKm !== undefined || sort === 'distance', {
    path: ['near'],
    error: 'needs radiusKm or sort=distance',
  })
  .refine(({ ids, externalId }) => ids === undefined || externalId === undefined, {
    path: ['externalId'],
    error: 'must not be combined with ids',
  })
  .refine(
    ({ ids, externalId, ...others }) =>
      (ids === undefined && externalId === undefined) ||
      Object.entries(others).every(([name, value]) => value === undefined || besideLookups.has(name)),
    { path: ['ids'], error: 'ids and externalId can be combined with fields only' },
  );
