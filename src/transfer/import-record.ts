/** Validation of a line of an import, independent of its format. */
import type { z } from 'zod';
import { MAX_ID, restaurantPatchSchema, type RestaurantPatch } from '../catalog/restaurant.ts';
import type { UnknownFields } from './formats/import-source.ts';
import { importedName, importedNames, isIgnoredName, suggestName } from './import-names.ts';

/** A line as read by its format. */
export type ImportLine =
  | { readonly line: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

/** A valid line. Fields that it does not name stay unchanged in an existing row. */
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

/** Validates a line. Its values are validated nowhere else. */
export function readImportLine(
  input: ImportLine,
  unknownFields: UnknownFields,
): ImportRecord | ImportProblem {
  const { line } = input;
  if ('problem' in input) return { line, code: 'malformed', detail: input.problem };
  const invalid = (detail: string): ImportProblem => ({ line, code: 'invalid', detail });
  const values: Record<string, unknown> = {};
  const unknown: [string, unknown][] = [];
  for (const [given, value] of Object.entries(input.values)) {
    const name = importedName(given);
    if (name === undefined) {
      if (unknownFields === 'refuse') return invalid(describeUnknown(given));
      if (unknownFields === 'store') unknown.push([given, value]);
    } else if (Object.hasOwn(values, name)) return invalid(`${name} is given twice`);
    else if (!isIgnoredName(name)) values[name] = name === 'priceLevel' ? priceLevel(value) : value;
  }
  const { id, ...fields } = values;
  if (typeof fields['attributes'] === 'string') fields['attributes'] = parseJson(fields['attributes']);
  if (unknown.length > 0) fields['attributes'] = withUnknown(fields['attributes'], unknown);
  if (id !== undefined && id !== null && !isId(id)) {
    return invalid(`id: must be a whole number from 1 to ${MAX_ID}`);
  }
  if (fields['name'] === null) return invalid('name is missing');
  const { externalId } = fields;
  if (typeof externalId === 'number') {
    return invalid(`externalId: must be text; write "${externalId}" in quotes`);
  }
  const parsed = restaurantPatchSchema.safeParse(fields);
  if (!parsed.success) return invalid(firstProblem(parsed.error));
  return { line, id: (id as number | null | undefined) ?? undefined, fields: parsed.data };
}

/** Cells of a table contain JSON as text. Invalid JSON stays text, which validation rejects. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Merges unknown fields into the given attributes. Attributes that are not an object stay, to be rejected. */
function withUnknown(given: unknown, unknown: readonly (readonly [string, unknown])[]): unknown {
  if (given === undefined || given === null) return Object.fromEntries(unknown);
  if (typeof given !== 'object' || Array.isArray(given)) return given;
  return { ...given, ...Object.fromEntries(unknown) };
}

/** A name can be as long as a line. */
const MAX_NAME_SHOWN = 50;

function describeUnknown(given: string): string {
  const shown = given.length > MAX_NAME_SHOWN ? `${given.slice(0, MAX_NAME_SHOWN)}…` : given;
  const suggestion = suggestName(given);
  const hint = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
  return `${shown} is not a known field${hint}; known are ${importedNames}`;
}

const isId = (value: unknown) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_ID;

function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'is not valid';
}
