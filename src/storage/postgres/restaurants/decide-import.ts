/** What an import batch does to the rows that exist: computation, no SQL. */
import { z } from 'zod';
import { foldText } from '../../../catalog/fold-text.ts';
import { patchFields } from '../../../catalog/patch-restaurant.ts';
import { restaurantFieldsSchema, type RestaurantFields } from '../../../catalog/restaurant.ts';
import { firstProblem, type ImportRecord } from '../../../transfer/import-record.ts';
import type { ImportOutcome } from '../../../transfer/import-restaurants.ts';

export type ExistingRow = RestaurantFields & { readonly id: number };

export interface PlannedRow {
  readonly id: number;
  readonly fields: RestaurantFields;
}

export interface ImportDecision {
  /** For every record, in order. */
  readonly outcomes: ImportOutcome[];
  readonly created: readonly PlannedRow[];
  readonly updated: readonly PlannedRow[];
}

const fieldNames = Object.keys(restaurantFieldsSchema.shape) as (keyof RestaurantFields)[];
const equal = (one: RestaurantFields, other: RestaurantFields) =>
  fieldNames.every((name) => one[name] === other[name]);

/** Applies the records one after the other; `newIds` are for rows that bring none. */
export function decideImport(
  records: readonly ImportRecord[],
  existing: readonly ExistingRow[],
  newIds: readonly number[],
  skipExisting: boolean,
): ImportDecision {
  const rows = new Map<number, RestaurantFields>();
  const idByExternalId = new Map<string, number>();
  const idsByName = new Map<string, Set<number>>();
  const created = new Set<number>();
  const updated = new Set<number>();
  const freeIds = newIds.values();

  function store(id: number, fields: RestaurantFields): void {
    const earlier = rows.get(id);
    if (earlier?.externalId) idByExternalId.delete(earlier.externalId);
    if (earlier) idsByName.get(foldText(earlier.name))?.delete(id);
    rows.set(id, fields);
    if (fields.externalId !== null) idByExternalId.set(fields.externalId, id);
    const name = foldText(fields.name);
    const sameName = idsByName.get(name) ?? new Set();
    idsByName.set(name, sameName.add(id));
  }

  function findId({ id, fields }: ImportRecord): number | undefined {
    if (id !== undefined) return rows.has(id) ? id : undefined;
    if (typeof fields.externalId === 'string') return idByExternalId.get(fields.externalId);
    if (fields.name === undefined) return undefined;
    const wanted = restaurantFieldsSchema.parse(fields);
    return [...(idsByName.get(foldText(fields.name)) ?? [])].find((candidate) => {
      const row = rows.get(candidate);
      return row && row.externalId === null && equal(row, wanted);
    });
  }

  function decide(record: ImportRecord): ImportOutcome {
    const id = findId(record);
    const current = id === undefined ? undefined : rows.get(id);
    if (id === undefined || !current) return create(record);
    if (skipExisting) return 'skipped';
    const changed = patchFields(current, record.fields);
    if (equal(current, changed)) return 'unchanged';
    const taken = takenBy(changed, id, record);
    if (taken) return taken;
    store(id, changed);
    if (!created.has(id)) updated.add(id);
    return 'updated';
  }

  function create(record: ImportRecord): ImportOutcome {
    const fields = restaurantFieldsSchema.parse(record.fields);
    const taken = takenBy(fields, record.id, record);
    if (taken) return taken;
    const id = record.id ?? freeIds.next().value;
    if (id === undefined) throw new RangeError('fewer ids were reserved than rows are created');
    store(id, fields);
    created.add(id);
    return 'created';
  }

  function takenBy(
    { externalId }: RestaurantFields,
    id: number | undefined,
    { line }: ImportRecord,
  ): ImportOutcome | undefined {
    const owner = externalId === null ? undefined : idByExternalId.get(externalId);
    if (owner === undefined || owner === id) return undefined;
    const detail = `the externalId ${JSON.stringify(externalId)} belongs to another restaurant`;
    return { line, code: 'external-id-taken', detail };
  }

  for (const { id, ...fields } of existing) store(id, fields);
  const outcomes = records.map((record): ImportOutcome => {
    try {
      return decide(record);
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      return { line: record.line, code: 'invalid', detail: firstProblem(error) };
    }
  });
  const planned = (ids: ReadonlySet<number>) =>
    [...ids].flatMap((id): PlannedRow[] => {
      const fields = rows.get(id);
      return fields ? [{ id, fields }] : [];
    });
  return { outcomes, created: planned(created), updated: planned(updated) };
}
