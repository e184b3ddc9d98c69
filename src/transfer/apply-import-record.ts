/** The effect of an import record on its row: computation, the same for every storage engine. */
import { conflictOf, emptyFields, equalFields, mergeFields } from '../catalog/patch-restaurant.ts';
import type { RestaurantFields } from '../catalog/restaurant.ts';
import type { ImportProblem, ImportRecord } from './import-record.ts';

export type AppliedRecord =
  | { readonly outcome: 'created' | 'updated'; readonly fields: RestaurantFields }
  | { readonly outcome: 'unchanged' | 'skipped' }
  | ImportProblem;

/** The fields of the record as a new row; an existing row with equal fields and no externalId is the same row. */
export const fieldsOfNew = ({ fields }: ImportRecord): RestaurantFields => mergeFields(emptyFields, fields);

/** `existing` is the row with the record's id, externalId or content; undefined when there is none. */
export function applyImportRecord(
  record: ImportRecord,
  existing: RestaurantFields | undefined,
  skipExisting: boolean,
): AppliedRecord {
  if (existing && skipExisting) return { outcome: 'skipped' };
  if (!existing && record.fields.name === undefined) return invalid(record, missingName(record));
  const fields = existing ? mergeFields(existing, record.fields) : fieldsOfNew(record);
  const conflict = conflictOf(fields);
  if (conflict !== undefined) return invalid(record, conflict);
  if (!existing) return { outcome: 'created', fields };
  return equalFields(existing, fields) ? { outcome: 'unchanged' } : { outcome: 'updated', fields };
}

export function externalIdTaken({ line }: ImportRecord, externalId: unknown): ImportProblem {
  const detail = `the externalId ${JSON.stringify(externalId)} belongs to another restaurant`;
  return { line, code: 'external-id-taken', detail };
}

const invalid = ({ line }: ImportRecord, detail: string): ImportProblem => ({
  line,
  code: 'invalid',
  detail,
});

/** Usually a mistyped id in a line that should change a restaurant. */
function missingName({ id, fields: { externalId } }: ImportRecord): string {
  if (id !== undefined) return `no restaurant has the id ${id}, and name is missing, which a new one needs`;
  if (typeof externalId !== 'string') return 'name is missing';
  return `no restaurant has the externalId ${JSON.stringify(externalId)}, and name is missing, which a new one needs`;
}
