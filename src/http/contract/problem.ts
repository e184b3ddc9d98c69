/** Errors as clients see them: problem details (RFC 9457) with a stable code. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { problemTypes, type ErrorCode } from './problem-types.ts';

/** The part of the request that is invalid: a JSON pointer into the body, a parameter, or a header. */
export type FieldError =
  | { readonly pointer: string; readonly detail: string }
  | { readonly parameter: string; readonly detail: string }
  | { readonly header: string; readonly detail: string };

/** Thrown by middleware and routes; the error handler turns it into the response. */
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

/** A request that is rejected now and may succeed after `retryAfterSeconds`. */
export const unavailable = (detail: string, retryAfterSeconds: number) =>
  new Problem('unavailable', detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });

export interface RenderedProblem {
  readonly status: ContentfulStatusCode;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** Status, headers and body of a problem, for a route and for a socket alike. */
export function renderProblem({ code, message, options }: Problem, requestId: string): RenderedProblem {
  const { status, title } = problemTypes[code];
  const body = {
    type: `urn:tastematch:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    requestId,
    ...(options.errors && { errors: options.errors }),
  };
  return {
    status,
    headers: {
      ...options.headers,
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
    },
    body: JSON.stringify(body),
  };
}

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, headers, body } = renderProblem(problem, c.get('requestId') as string);
  return c.body(body, status, headers);
}
