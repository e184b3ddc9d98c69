/** Turns what zod found wrong into problem details that say where it is and what to do. */
import type { z } from 'zod';
import { Problem, type FieldError } from './problem.ts';

export type RequestPart = 'json' | 'query' | 'param' | 'header' | 'form' | 'cookie';

const pointerTo = (path: readonly PropertyKey[]) =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function locate(part: RequestPart, path: readonly PropertyKey[], detail: string): FieldError {
  if (part === 'json') return { pointer: pointerTo(path), detail };
  if (part === 'header') return { header: String(path[0] ?? ''), detail };
  return { parameter: String(path[0] ?? ''), detail };
}

function fieldErrors(part: RequestPart, issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code !== 'unrecognized_keys') return [locate(part, issue.path, issue.message)];
  const detail = part === 'json' ? 'is not a known field' : 'is not a known parameter';
  return issue.keys.map((key) => locate(part, [...issue.path, key], detail));
}

const whole: Record<RequestPart, string> = {
  json: 'The body has fields that cannot be accepted; nothing was stored.',
  query: 'The query has parameters that cannot be accepted.',
  param: 'The path has a parameter that cannot be accepted.',
  header: 'A header cannot be accepted.',
  form: 'The form has fields that cannot be accepted.',
  cookie: 'A cookie cannot be accepted.',
};

/** At most this many places are listed, so that a hostile body cannot make a huge answer. */
const MAX_ERRORS = 50;

export function validationProblem(
  part: RequestPart,
  error: { readonly issues: readonly z.core.$ZodIssue[] },
): Problem {
  const errors = error.issues.flatMap((issue) => fieldErrors(part, issue)).slice(0, MAX_ERRORS);
  return new Problem('invalid-request', whole[part], { errors });
}
