/** `attributes[key]=value` in a query: filters by custom fields, whose names the schema cannot list. */
import { z } from '@hono/zod-openapi';

const parameterName = /^attributes\[([^\]]{1,100})\]$/u;
const MAX_ATTRIBUTES = 10;

/** For `parameters` of a route whose query is a {@link filterQuery}. */
export const attributesParameter = {
  in: 'query',
  name: 'attributes',
  required: false,
  style: 'deepObject',
  explode: true,
  description:
    'Custom fields that are text, numbers or booleans, compared as text: `attributes[delivery]=true`. At most ten.',
  schema: { type: 'object', additionalProperties: { type: 'string' }, example: { delivery: 'true' } },
} as const;

/** A query with these parameters and `attributes[key]`, and no others. */
export function filterQuery<Shape extends z.core.$ZodShape>(shape: Shape) {
  const checkNames = z.check<Record<string, unknown>>(({ value, issues }) => {
    const others = Object.entries(value).filter(([name]) => !(name in shape));
    const unknown = others.filter(([name]) => !parameterName.test(name)).map(([name]) => name);
    if (unknown.length > 0) issues.push({ code: 'unrecognized_keys', keys: unknown, input: value });
    const repeated = others.find(([name, given]) => parameterName.test(name) && typeof given !== 'string');
    const problem = repeated ? 'must be given once' : `must not be more than ${MAX_ATTRIBUTES}`;
    if (repeated || others.length > MAX_ATTRIBUTES) {
      issues.push({ code: 'custom', path: [repeated?.[0] ?? 'attributes'], message: problem, input: value });
    }
  });
  // Also when other parameters are invalid, so that all problems are reported at once.
  checkNames._zod.def.when = () => true;
  return z.looseObject(shape).check(checkNames);
}

/** The filters by custom fields of a validated query; undefined without any. */
export function readAttributes(query: object): Record<string, string> | undefined {
  const wanted = Object.entries(query as Record<string, unknown>).flatMap(([name, value]) => {
    const key = parameterName.exec(name)?.[1];
    return key === undefined || typeof value !== 'string' ? [] : [[key, value] as const];
  });
  return wanted.length > 0 ? Object.fromEntries(wanted) : undefined;
}
