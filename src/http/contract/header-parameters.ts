/**
 * Request headers of routes, as plain OpenAPI parameters. As validated headers all headers of every request would be
 * read, and the typed client would need a `header` object in every call.
 */
import { Problem } from './problem.ts';

const MAX_KEY_LENGTH = 200;

function headerParameter(name: string, description: string, schema: object = {}) {
  return { in: 'header', name, description, required: false, schema: { type: 'string', ...schema } } as const;
}

export const ifMatchHeader = headerParameter(
  'If-Match',
  'ETags, or `*`; the write is refused when the row is none of them: it has changed since, or is another.',
);

export const ifNoneMatchHeader = headerParameter(
  'If-None-Match',
  'ETags; 304 when the answer is one of them.',
);

export const ifNoneMatchWriteHeader = headerParameter(
  'If-None-Match',
  '`*`, or ETags; the write is refused when there is a row, or the row is one of them: with `*`, PUT only creates.',
);

export const preferHeader = headerParameter(
  'Prefer',
  '`respond-async` answers at once and embeds behind the read.',
  { example: 'respond-async' },
);

export const idempotencyKeyHeader = headerParameter(
  'Idempotency-Key',
  'Sent again within a day with the same body, the same answer is given and nothing is added.',
  { minLength: 1, maxLength: MAX_KEY_LENGTH, example: '8e03978e-40d5-43e8-bc93-6894a57f9324' },
);

export const lastEventIdHeader = headerParameter(
  'Last-Event-ID',
  'The `id` of the last event that came in.',
  {
    example: '1795533365346000',
  },
);

/** The key as it was sent; undefined when there is none. Throws `invalid-request` for one that is empty or too long. */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined || (key.length >= 1 && key.length <= MAX_KEY_LENGTH)) return key;
  throw new Problem('invalid-request', 'A header cannot be accepted.', {
    errors: [{ header: 'idempotency-key', detail: `must have 1 to ${MAX_KEY_LENGTH} characters` }],
  });
}
