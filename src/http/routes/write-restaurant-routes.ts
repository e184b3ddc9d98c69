/** POST, PUT, PATCH and DELETE of restaurants. They never embed. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { restaurantFieldsSchema, restaurantPatchSchema, type Restaurant } from '../../catalog/restaurant.ts';
import { patchFields } from '../../catalog/patch-restaurant.ts';
import type { RestaurantStore } from '../../catalog/restaurant-store.ts';
import type { CurrentModel } from '../../embedding/current-model.ts';
import { entityTag, writeCondition } from '../contract/entity-tag.ts';
import {
  checkIdempotencyKey,
  idempotencyKeyHeader,
  ifMatchHeader,
  ifNoneMatchWriteHeader,
} from '../contract/header-parameters.ts';
import { chosenIdPath, restaurantPath } from '../contract/parameters.ts';
import { requireJson, withPolicies } from '../contract/router.ts';
import { putSchema, withoutReadOnly } from '../contract/read-only-fields.ts';
import { exampleFields, headers, problems, restaurantSchema } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const content = { 'application/json': { schema: restaurantSchema } };
const answer = (description: string) => ({
  description,
  headers: z.object({ ETag: headers.etag }),
  content,
});
const locatedHeaders = z.object({ ETag: headers.etag, Location: headers.location });
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema, example: exampleFields } },
});
const security = [{ apiKey: [] }];

const createRestaurant = createRoute({
  method: 'post',
  path: '/restaurants',
  operationId: 'createRestaurant',
  tags: ['Restaurants'],
  summary: 'Create a restaurant, without a vector',
  security,
  parameters: [idempotencyKeyHeader],
  request: { body: body(restaurantFieldsSchema) },
  responses: {
    201: {
      description: 'Created; `Location` is its path',
      headers: locatedHeaders.extend({ 'Idempotency-Replayed': headers.idempotencyReplayed }),
      content,
    },
    400: problems[400],
    401: problems[401],
    409: problems[409],
    413: problems[413],
    415: problems[415],
    422: problems[422],
  },
});

const putRestaurant = createRoute({
  method: 'put',
  path: '/restaurants/{id}',
  operationId: 'putRestaurant',
  tags: ['Restaurants'],
  summary: 'Replace every field of a restaurant, or create it with this id',
  security,
  parameters: [ifMatchHeader, ifNoneMatchWriteHeader],
  description:
    'Read-only fields are ignored when they are as they were read, and refused when they were changed.',
  request: { params: chosenIdPath, body: body(putSchema) },
  responses: {
    200: answer('Replaced'),
    201: { description: 'Created', headers: locatedHeaders, content },
    400: problems[400],
    401: problems[401],
    409: problems[409],
    412: problems[412],
    413: problems[413],
    415: problems[415],
  },
});

const patchRestaurant = createRoute({
  method: 'patch',
  path: '/restaurants/{id}',
  operationId: 'patchRestaurant',
  tags: ['Restaurants'],
  summary: 'Change some fields of a restaurant (JSON merge patch)',
  security,
  parameters: [ifMatchHeader, ifNoneMatchWriteHeader],
  request: {
    params: restaurantPath,
    body: {
      required: true,
      content: {
        'application/merge-patch+json': { schema: restaurantPatchSchema, example: { rating: 4.7 } },
        'application/json': { schema: restaurantPatchSchema, example: { rating: 4.7 } },
      },
    },
  },
  responses: {
    200: answer('Changed'),
    400: problems[400],
    401: problems[401],
    404: problems[404],
    409: problems[409],
    412: problems[412],
    413: problems[413],
    415: problems[415],
  },
});

const deleteRestaurant = createRoute({
  method: 'delete',
  path: '/restaurants/{id}',
  operationId: 'deleteRestaurant',
  tags: ['Restaurants'],
  summary: 'Delete a restaurant and its vector',
  security,
  parameters: [ifMatchHeader, ifNoneMatchWriteHeader],
  request: { params: restaurantPath },
  responses: {
    204: { description: 'Deleted' },
    400: problems[400],
    401: problems[401],
    404: problems[404],
    412: problems[412],
  },
});

const headersOf = (restaurant: Restaurant) => ({ ETag: entityTag(restaurant) });
const locate = (restaurant: Restaurant) => ({
  ...headersOf(restaurant),
  Location: `/restaurants/${restaurant.id}`,
});

const conditionOf = (c: Context) => writeCondition(c.req.header('if-match'), c.req.header('if-none-match'));

export function addWriteRestaurantRoutes(
  router: OpenAPIHono,
  {
    restaurants,
    currentModel,
    policies,
  }: {
    readonly restaurants: RestaurantStore;
    readonly currentModel: CurrentModel;
    readonly policies: RoutePolicies;
  },
) {
  const { readKeyedBody } = policies;

  return router
    .openapi(withPolicies(createRestaurant, readKeyedBody, requireJson), async (c) => {
      const key = checkIdempotencyKey(c.req.header('idempotency-key'));
      const fields = c.req.valid('json');
      const modelVersion = currentModel.version();
      if (key === undefined) {
        const restaurant = await restaurants.create(fields, { modelVersion });
        return c.json(restaurant, 201, locate(restaurant));
      }
      const { restaurant, replayed } = await restaurants.createOnce(fields, key, { modelVersion });
      return c.json(restaurant, 201, {
        ...locate(restaurant),
        ...(replayed && { 'Idempotency-Replayed': 'true' }),
      });
    })
    .openapi(withPolicies(putRestaurant, readKeyedBody, requireJson), async (c) => {
      const { id } = c.req.valid('param');
      const modelVersion = currentModel.version();
      const fields = withoutReadOnly(c.req.valid('json'), id, await restaurants.find(id, modelVersion));
      const { restaurant, created } = await restaurants.put(id, fields, {
        condition: conditionOf(c),
        modelVersion,
      });
      return created
        ? c.json(restaurant, 201, locate(restaurant))
        : c.json(restaurant, 200, headersOf(restaurant));
    })
    .openapi(withPolicies(patchRestaurant, readKeyedBody, requireJson), async (c) => {
      const patch = c.req.valid('json');
      const restaurant = await restaurants.update(
        c.req.valid('param').id,
        (current) => patchFields(current, patch),
        { condition: conditionOf(c), modelVersion: currentModel.version() },
      );
      return c.json(restaurant, 200, headersOf(restaurant));
    })
    .openapi(withPolicies(deleteRestaurant, readKeyedBody), async (c) => {
      await restaurants.delete(c.req.valid('param').id, conditionOf(c));
      return c.body(null, 204);
    });
}
