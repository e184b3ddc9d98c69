/** What a line of an import means: names in either case, price levels in words, what an export adds left out. */
import type { z } from 'zod';
import {
  MAX_ID,
  restaurantFieldsSchema,
  restaurantPatchSchema,
  type RestaurantPatch,
} from '../catalog/restaurant.ts';

/** A line as its file format gives it. */
export type ImportLine =
  | { readonly line: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

/** A line that can be stored. Fields that it does not name are left as they are in a row that exists. */
export interface ImportRecord {
  readonly line: number;
  readonly id: number | undefined;
  readonly fields: RestaurantPatch;
}

export interface ImportProblem {
  readonly line: number;
  readonly code: 'malformed' | 'invalid' | 'external-id-taken';
  readonly detail: string;
}

const fieldNames = ['id', ...Object.keys(restaurantFieldsSchema.shape)];
/** What an export says beyond the fields: read past, so that an export can be imported. */
const ignoredNames = ['createdAt', 'updatedAt', 'version', 'embedding'];

const plain = (name: string) => name.replaceAll(/[_\s-]/g, '').toLowerCase();
const knownNames = new Map([...fieldNames, ...ignoredNames].map((name) => [plain(name), name]));

/** `external_id`, `externalId` and `External ID` are all `externalId`; undefined when it is none of ours. */
export const importedName = (name: string): string | undefined => knownNames.get(plain(name));

export const importedNames = `${fieldNames.join(', ')} (or in snake_case)`;

const priceWords = new Map([
  ['$', 1],
  ['$$', 2],
  ['$$$', 3],
  ['$$$$', 4],
  ['low', 1],
  ['medium', 2],
  ['high', 3],
]);

function priceLevel(value: unknown): unknown {
  return typeof value === 'string' ? (priceWords.get(value.trim().toLowerCase()) ?? value) : value;
}

export function readImportLine(input: ImportLine): ImportRecord | ImportProblem {
  const { line } = input;
  if ('problem' in input) return { line, code: 'malformed', detail: input.problem };
  const values: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(input.values)) {
    const name = importedName(given);
    if (name === undefined) {
      return { line, code: 'invalid', detail: `${given} is not a known field; known are ${importedNames}` };
    }
    if (!ignoredNames.includes(name)) values[name] = name === 'priceLevel' ? priceLevel(value) : value;
  }
  const { id, ...fields } = values;
  if (id !== undefined && id !== null && !isId(id)) {
    return { line, code: 'invalid', detail: `id: must be a whole number from 1 to ${MAX_ID}` };
  }
  const parsed = restaurantPatchSchema.safeParse(fields);
  if (!parsed.success) return { line, code: 'invalid', detail: firstProblem(parsed.error) };
  return { line, id: (id as number | null | undefined) ?? undefined, fields: parsed.data };
}

const isId = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_ID;

export function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'is not valid';
}
