/** The ImportStore port on SQLite: rows are found by id, externalId or content, and written without being read back. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { foldText } from '../../../catalog/fold-text.ts';
import { firstProblem, type ImportProblem, type ImportRecord } from '../../../transfer/import-record.ts';
import type { ImportOutcome, ImportStore } from '../../../transfer/import-restaurants.ts';
import { patchFields } from '../../../catalog/patch-restaurant.ts';
import { restaurantFieldsSchema, type RestaurantFields } from '../../../catalog/restaurant.ts';
import { toColumns } from './restaurant-row.ts';
import { insertRestaurantSql, updateRestaurantSql } from './write-restaurants.ts';

type Existing = RestaurantFields & { readonly id: number };

const selectFields = `
  SELECT id, external_id AS externalId, name, cuisine_type AS cuisineType, description, rating,
         price_level AS priceLevel, location, latitude, longitude
  FROM restaurants`;

const fieldNames = Object.keys(restaurantFieldsSchema.shape) as (keyof RestaurantFields)[];
const equal = (one: RestaurantFields, other: RestaurantFields) =>
  fieldNames.every((name) => one[name] === other[name]);

export function createImportStore(database: Database, now: () => Date = () => new Date()): ImportStore {
  const insert = database.prepare(insertRestaurantSql);
  const update = database.prepare(updateRestaurantSql);
  const byId = database.prepare(`${selectFields} WHERE id = ?`);
  const byExternalId = database.prepare(`${selectFields} WHERE external_id = ?`);
  const byName = database.prepare(`${selectFields} WHERE name_folded = ? AND external_id IS NULL`);

  function findExisting({ id, fields }: ImportRecord): Existing | undefined {
    if (id !== undefined) return byId.get(id) as Existing | undefined;
    if (typeof fields.externalId === 'string') {
      return byExternalId.get(fields.externalId) as Existing | undefined;
    }
    if (fields.name === undefined) return undefined;
    const wanted = restaurantFieldsSchema.parse(fields);
    return (byName.all(foldText(fields.name)) as Existing[]).find((row) => equal(row, wanted));
  }

  function importOne(record: ImportRecord, at: string, skipExisting: boolean): ImportOutcome {
    const { line, id, fields } = record;
    try {
      const existing = findExisting(record);
      if (!existing) {
        insert.run({ id: id ?? null, ...toColumns(restaurantFieldsSchema.parse(fields)), at });
        return 'created';
      }
      if (skipExisting) return 'skipped';
      const changed = patchFields(existing, fields);
      if (equal(existing, changed)) return 'unchanged';
      update.run({ id: existing.id, ...toColumns(changed), at });
      return 'updated';
    } catch (error) {
      return toProblem(line, fields.externalId, error);
    }
  }

  const run = database.transaction(
    (records: readonly ImportRecord[], skipExisting: boolean, outcomes: ImportOutcome[]) => {
      const at = now().toISOString();
      for (const record of records) outcomes.push(importOne(record, at, skipExisting));
    },
  ).immediate;
  const rehearse = database.transaction((...given: Parameters<typeof run>) => {
    run(...given);
    throw new RehearsalEnd();
  }).immediate;

  return {
    async importBatch(records, { skipExisting, dryRun }) {
      const outcomes: ImportOutcome[] = [];
      try {
        (dryRun ? rehearse : run)(records, skipExisting, outcomes);
      } catch (error) {
        if (!(error instanceof RehearsalEnd)) throw error;
      }
      return outcomes;
    },
  };
}

/** Rolls a dry run back. */
class RehearsalEnd extends Error {}

function toProblem(line: number, externalId: unknown, error: unknown): ImportProblem {
  if (error instanceof z.ZodError) return { line, code: 'invalid', detail: firstProblem(error) };
  if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
  const detail = `the externalId ${JSON.stringify(externalId)} belongs to another restaurant`;
  return { line, code: 'external-id-taken', detail };
}
