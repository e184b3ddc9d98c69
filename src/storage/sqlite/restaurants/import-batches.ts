/** The ImportStore port on SQLite: rows are found by id, externalId or content, and written without being read back. */
import type { Database } from 'better-sqlite3';
import { applyImportRecord, externalIdTaken, fieldsOfNew } from '../../../transfer/apply-import-record.ts';
import type { ImportRecord } from '../../../transfer/import-record.ts';
import type { ImportOutcome, ImportStore } from '../../../transfer/import-restaurants.ts';
import { equalFields } from '../../../catalog/patch-restaurant.ts';
import type { RestaurantFields } from '../../../catalog/restaurant.ts';
import { contentHash, toStoredColumns } from './content-hash.ts';
import { parseAttributes, type WithJson } from '../../rows/restaurant-row.ts';
import { insertRestaurantSql, updateRestaurantSql } from './write-restaurants.ts';

type Existing = RestaurantFields & { readonly id: number };

const selectFields = `
  SELECT id, external_id AS externalId, name, cuisine_type AS cuisineType, description, rating,
         price_level AS priceLevel, location, latitude, longitude, attributes
  FROM restaurants`;

type StoredFields = WithJson<Existing>;

export function createImportStore(database: Database, now: () => Date = () => new Date()): ImportStore {
  const insert = database.prepare(insertRestaurantSql);
  const update = database.prepare(updateRestaurantSql);
  const byId = database.prepare(`${selectFields} WHERE id = ?`);
  const byExternalId = database.prepare(`${selectFields} WHERE external_id = ?`);
  // More than one only if equal rows were created.
  const byContent = database.prepare(`${selectFields} WHERE content_hash = ? ORDER BY id LIMIT 16`);

  function findExisting(record: ImportRecord): Existing | undefined {
    const { id, fields } = record;
    const one = (row: unknown) => (row === undefined ? undefined : parseAttributes(row as StoredFields));
    if (id !== undefined) return one(byId.get(id));
    if (typeof fields.externalId === 'string') return one(byExternalId.get(fields.externalId));
    if (fields.name === undefined) return undefined;
    const wanted = fieldsOfNew(record);
    const candidates = byContent.all(contentHash(wanted)) as StoredFields[];
    return candidates.map(parseAttributes).find((row) => equalFields(row, wanted));
  }

  function importOne(record: ImportRecord, at: string, skipExisting: boolean): ImportOutcome {
    const existing = findExisting(record);
    const applied = applyImportRecord(record, existing, skipExisting);
    if ('code' in applied) return applied;
    const { outcome } = applied;
    if (!('fields' in applied)) return { outcome, id: existing?.id ?? 0 };
    const columns = { ...toStoredColumns(applied.fields), at };
    try {
      if (existing) update.run({ id: existing.id, ...columns });
      const id = existing?.id ?? Number(insert.run({ id: record.id ?? null, ...columns }).lastInsertRowid);
      return { outcome, id };
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      return externalIdTaken(record, applied.fields.externalId);
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
