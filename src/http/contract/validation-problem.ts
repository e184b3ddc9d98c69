/** Turns zod's issues into problem details that say what is wrong, where, and what is allowed. */
import type { z } from 'zod';
import { Problem, type FieldError } from './problem.ts';
import { readOnlyFields } from './read-only-fields.ts';
import { shorten } from './shorten.ts';

export type RequestPart = 'json' | 'query' | 'param' | 'header' | 'form' | 'cookie';

/** Errors listed in a problem. */
const MAX_ERRORS = 50;

const pointerTo = (path: readonly PropertyKey[]) =>
  path.map((step) => `/${shorten(String(step)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function locate(part: RequestPart, path: readonly PropertyKey[], detail: string): FieldError {
  if (part === 'json') return { pointer: pointerTo(path), detail };
  if (part === 'header') return { header: shorten(String(path[0] ?? '')), detail };
  return { parameter: shorten(String(path[0] ?? '')), detail };
}

function unknownName(part: RequestPart, key: string): string {
  if (part !== 'json') return 'is not a known parameter';
  return readOnlyFields.has(key) ? 'is set by the service' : 'is not a known field';
}

/** The query as it was sent: every value of each parameter. */
export type SentQuery = Readonly<Record<string, readonly string[]>>;

/** Missing, empty and repeated parameters are described in the same words on every route. */
function describe(part: RequestPart, { code, path, message }: z.core.$ZodIssue, query: SentQuery): string {
  if (part === 'json') return message.endsWith('received undefined') ? 'is required' : message;
  if (part !== 'query' || code === 'custom') return message;
  const values = query[String(path[0])] ?? [];
  if (values.length === 0) return 'is required';
  if (values.length > 1 && path.length === 1 && code !== 'too_big') return 'must be given once';
  return values[Number(path[1] ?? 0)] === '' ? 'must not be empty' : message;
}

function* fieldErrors(part: RequestPart, issue: z.core.$ZodIssue, query: SentQuery): Generator<FieldError> {
  if (issue.code !== 'unrecognized_keys') {
    yield locate(part, issue.path, describe(part, issue, query));
    return;
  }
  for (const key of issue.keys) yield locate(part, [...issue.path, key], unknownName(part, key));
}

const summaries: Record<RequestPart, string> = {
  json: 'The body has invalid fields; nothing was stored.',
  query: 'The query has invalid parameters.',
  param: 'The path has an invalid parameter.',
  header: 'A header is invalid.',
  form: 'The form has invalid fields.',
  cookie: 'A cookie is invalid.',
};

export function validationProblem(
  part: RequestPart,
  error: { readonly issues: readonly z.core.$ZodIssue[] },
  query: SentQuery = {},
): Problem {
  const errors: FieldError[] = [];
  for (const issue of error.issues) {
    for (const fieldError of fieldErrors(part, issue, query)) {
      if (errors.length === MAX_ERRORS) return new Problem('invalid-request', summaries[part], { errors });
      errors.push(fieldError);
    }
  }
  return new Problem('invalid-request', summaries[part], { errors });
}
