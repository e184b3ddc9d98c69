/** Errors as clients see them: problem details (RFC 9457) with a stable code. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { CatalogErrorCode } from '../../catalog/catalog-error.ts';

type RequestErrorCode =
  | 'invalid-request'
  | 'malformed-json'
  | 'request-aborted'
  | 'unauthorized'
  | 'foreign-origin'
  | 'wrong-host'
  | 'too-many-requests'
  | 'path-not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'unavailable'
  | 'storage-full'
  | 'internal';

export type ErrorCode = RequestErrorCode | CatalogErrorCode;

/** Exhaustive: a new code without a status does not compile. */
const statusOf: Record<ErrorCode, ContentfulStatusCode> = {
  'invalid-request': 400,
  'malformed-json': 400,
  'request-aborted': 400,
  unauthorized: 401,
  'foreign-origin': 403,
  'not-found': 404,
  'path-not-found': 404,
  'method-not-allowed': 405,
  'external-id-taken': 409,
  'version-mismatch': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  'idempotency-key-reused': 422,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
  'storage-full': 507,
};

const titleOf: Record<ErrorCode, string> = {
  'invalid-request': 'The request is not valid',
  'malformed-json': 'The body is not valid JSON',
  'request-aborted': 'The client left before the body was complete',
  unauthorized: 'A valid API key is needed',
  'foreign-origin': 'A page of this origin may not do this',
  'wrong-host': 'The service does not answer to this name',
  'not-found': 'No such restaurant',
  'path-not-found': 'No such path',
  'method-not-allowed': 'The path does not take this method',
  'external-id-taken': 'Another restaurant has this externalId',
  'version-mismatch': 'The restaurant is not what the request expects',
  'body-too-large': 'The body is too large',
  'unsupported-media-type': 'The body has the wrong media type',
  'idempotency-key-reused': 'The Idempotency-Key belongs to another request',
  'too-many-requests': 'Too many requests',
  internal: 'Something went wrong on our side',
  unavailable: 'The service cannot do this right now',
  'storage-full': 'There is no space left to store this',
};

/** Where in the request something is wrong: a JSON pointer into the body, or the name of a parameter or header. */
export type FieldError =
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string }
  | { readonly header: string; readonly detail: string };

/** Thrown anywhere below a route; the error handler turns it into the response. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ErrorCode,
    detail: string,
    readonly options: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }
}

export function problemResponse(c: Context, problem: Problem): Response {
  const { code, message, options } = problem;
  const status = statusOf[code];
  const body = {
    type: `urn:tastematch:problem:${code}`,
    title: titleOf[code],
    status,
    code,
    detail: message,
    requestId: c.get('requestId'),
    ...(options.errors && { errors: options.errors }),
  };
  return c.body(JSON.stringify(body), status, {
    ...options.headers,
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
}
