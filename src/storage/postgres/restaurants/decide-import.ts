/** What an import batch does to the rows that exist: computation, no SQL. */
import { foldText } from '../../../catalog/fold-text.ts';
import { equalFields } from '../../../catalog/patch-restaurant.ts';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import { applyImportRecord, externalIdTaken, fieldsOfNew } from '../../../transfer/apply-import-record.ts';
import type { ImportRecord } from '../../../transfer/import-record.ts';
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

  function findId(record: ImportRecord): number | undefined {
    const { id, fields } = record;
    if (id !== undefined) return rows.has(id) ? id : undefined;
    if (typeof fields.externalId === 'string') return idByExternalId.get(fields.externalId);
    if (fields.name === undefined) return undefined;
    const wanted = fieldsOfNew(record);
    return [...(idsByName.get(foldText(fields.name)) ?? [])].find((candidate) => {
      const row = rows.get(candidate);
      return row && row.externalId === null && equalFields(row, wanted);
    });
  }

  function decide(record: ImportRecord): ImportOutcome {
    const known = findId(record);
    const applied = applyImportRecord(
      record,
      known === undefined ? undefined : rows.get(known),
      skipExisting,
    );
    if ('code' in applied) return applied;
    const { outcome } = applied;
    if (!('fields' in applied)) return { outcome, id: known ?? 0 };
    const { externalId } = applied.fields;
    const owner = externalId === null ? undefined : idByExternalId.get(externalId);
    if (owner !== undefined && owner !== (known ?? record.id)) return externalIdTaken(record, externalId);
    const id = known ?? record.id ?? freeIds.next().value;
    if (id === undefined) throw new RangeError('fewer ids were reserved than rows are created');
    store(id, applied.fields);
    if (known === undefined) created.add(id);
    else if (!created.has(id)) updated.add(id);
    return { outcome, id };
  }

  for (const { id, ...fields } of existing) store(id, fields);
  const outcomes = records.map(decide);
  const planned = (ids: ReadonlySet<number>) =>
    [...ids].flatMap((id): PlannedRow[] => {
      const fields = rows.get(id);
      return fields ? [{ id, fields }] : [];
    });
  return { outcomes, created: planned(created), updated: planned(updated) };
}
