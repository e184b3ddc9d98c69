/** Every error code that a client can receive, with its status and title. A code that is missing here does not compile. */
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

/** Rejected by the server before the request reaches a route. */
type ConnectionErrorCode = 'malformed-request' | 'request-timeout' | 'headers-too-large';

export type ErrorCode = RequestErrorCode | ConnectionErrorCode | CatalogErrorCode;

interface ProblemType {
  readonly status: ContentfulStatusCode;
  readonly title: string;
}

export const problemTypes: Record<ErrorCode, ProblemType> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-request': { status: 400, title: 'The request is not valid HTTP' },
  'request-aborted': { status: 400, title: 'The client disconnected before the body was complete' },
  unauthorized: { status: 401, title: 'A valid API key is required' },
  'foreign-origin': { status: 403, title: 'Requests from this origin are not allowed' },
  'not-found': { status: 404, title: 'No such restaurant' },
  'path-not-found': { status: 404, title: 'No such path' },
  'method-not-allowed': { status: 405, title: 'The path does not support this method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'external-id-taken': { status: 409, title: 'Another restaurant has this externalId' },
  'version-mismatch': { status: 412, title: 'The restaurant does not match the precondition' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type or encoding is not supported' },
  'wrong-host': { status: 421, title: 'The service does not answer to this host name' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  'storage-full': { status: 507, title: 'No space left to store this' },
};
