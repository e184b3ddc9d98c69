/** The shapes of what the API answers, for the OpenAPI document and the typed client. */
import { z } from '@hono/zod-openapi';
import { embeddingStatuses, writable } from '../../catalog/restaurant.ts';

const embeddingSchema = z
  .object({
    status: z.enum(embeddingStatuses),
    model: z.string().nullable(),
    createdAt: z.iso.datetime().nullable(),
    reason: z.string().optional().openapi({ description: 'A stable code: why it is `pending` or `failed`.' }),
    vector: z
      .array(z.number())
      .optional()
      .openapi({ description: 'With `include=vector`, when ready: unit length.' }),
  })
  .openapi('Embedding');

/** The example restaurant of the document. */
export const exampleFields = {
  externalId: 'bh-casa-da-serra',
  name: 'Casa da Serra',
  cuisineType: 'Mineira',
  description: 'Feijoada à mineira e tutu no fogão a lenha.',
  rating: 4.6,
  priceLevel: 2,
  location: 'Savassi, Belo Horizonte',
  latitude: -19.9352,
  longitude: -43.9332,
  attributes: { delivery: true, phone: '+55 31 5555-0101' },
};

export const exampleRestaurant = {
  id: 1,
  ...exampleFields,
  createdAt: '2026-11-02T12:00:00.000Z',
  updatedAt: '2026-11-02T12:00:00.000Z',
  version: 1,
  embedding: {
    status: 'ready' as const,
    model: 'tastematch-MiniLM-L6-en-pt',
    createdAt: '2026-11-02T12:00:05.000Z',
  },
};

export const restaurantSchema = z
  .object({
    id: z.int().min(1),
    ...writable,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int().min(1),
    embedding: embeddingSchema,
    distanceKm: z
      .number()
      .min(0)
      .nullable()
      .optional()
      .openapi({ description: 'With `near`: the distance from there; null without coordinates.' }),
  })
  .openapi('Restaurant', { example: exampleRestaurant });

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional(),
          parameter: z.string().optional(),
          header: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .openapi('Problem', {
    example: {
      type: 'urn:tastematch:problem:invalid-request',
      title: 'The request is not valid',
      status: 400,
      code: 'invalid-request',
      detail: 'The body has invalid fields; nothing was stored.',
      requestId: '8e03978e-40d5-43e8-bc93-6894a57f9324',
      errors: [{ pointer: '/rating', detail: 'Too big: expected number to be <=5' }],
    },
  });

const text = (description: string) => z.string().openapi({ description });

/** Headers that answers carry, for the document. */
export const headers = {
  etag: text('The version of the row and the state of its embedding.'),
  location: text('Path of the restaurant.'),
  link: text('`<…>; rel="next"` when there is a next page.').optional(),
  retryAfter: text('Seconds to wait.'),
  serverTiming: text(
    '`embed;dur=…;desc="…"`: how long the read took in the service, in ms, and what became of its vector (`inferred`, `reused`, `stored`, `pending`, `failed`). `wait`, `inference` and `store` are parts of it when the vector was made for this read.',
  ).optional(),
  preferenceApplied: text('`respond-async` when the request preferred that.').optional(),
  idempotencyReplayed: text('`true` when this answer was given before.').optional(),
  authenticate: text('`Bearer`: how to send a key.'),
};

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The problem responses that a route documents, by status. */
export const problems = {
  400: problem('The request is not valid; `errors` says where'),
  401: {
    ...problem('A valid API key is needed'),
    headers: z.object({ 'WWW-Authenticate': headers.authenticate }),
  },
  404: problem('No such restaurant'),
  409: problem('Another restaurant has this externalId'),
  412: problem(
    'The restaurant has changed meanwhile, is another, or is there (not there) against If-(None-)Match',
  ),
  413: problem('The body is too large'),
  415: problem('The body has the wrong media type'),
  422: problem('The Idempotency-Key was used for another body'),
  503: {
    ...problem('Not possible right now; see Retry-After'),
    headers: z.object({ 'Retry-After': headers.retryAfter }),
  },
} as const;
