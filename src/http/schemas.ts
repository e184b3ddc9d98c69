/** The shapes of what the API answers, for the OpenAPI document and the typed client. */
import { z } from '@hono/zod-openapi';
import { embeddingStatuses, restaurantFieldsSchema } from '../catalog/restaurant.ts';

export const embeddingSchema = z
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

export const restaurantSchema = z
  .object({
    id: z.int().min(1),
    ...restaurantFieldsSchema.shape,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int().min(1),
    embedding: embeddingSchema,
  })
  .openapi('Restaurant');

export const problemSchema = z
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
  .openapi('Problem');

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The problem responses that a route documents, by status. */
export const problems = {
  400: problem('The request is not valid; `errors` says where'),
  401: problem('A valid API key is needed'),
  404: problem('No such restaurant'),
  409: problem('Another restaurant has this externalId'),
  412: problem('The restaurant has changed meanwhile'),
  413: problem('The body is too large'),
  415: problem('The body has the wrong media type'),
  422: problem('The Idempotency-Key was used for another body'),
  503: problem('Not possible right now; see Retry-After'),
} as const;
