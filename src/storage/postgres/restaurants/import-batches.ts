/** The ImportStore port on PostgreSQL: a batch is decided in memory and written in two statements. */
import type { ImportRecord } from '../../../transfer/import-record.ts';
import type { ImportOutcome, ImportStore } from '../../../transfer/import-restaurants.ts';
import { foldText } from '../../../catalog/fold-text.ts';
import type { Database, Queries } from '../connection/database.ts';
import { isUniqueViolation } from '../connection/storage-errors.ts';
import { parseAttributes, type WithJson } from '../../rows/restaurant-row.ts';
import { decideImport, type ExistingRow, type PlannedRow } from './decide-import.ts';
import { columnDefinitions, columnNames, recordColumn, toColumnValues } from './restaurant-columns.ts';
import { advanceIds } from './write-restaurants.ts';

/** Another process can create a row of the batch meanwhile; the next attempt then finds it. */
const MAX_ATTEMPTS = 5;

const selectFields = `
  SELECT id, external_id AS "externalId", name, cuisine_type AS "cuisineType", description, rating,
         price_level AS "priceLevel", location, latitude, longitude, attributes
  FROM restaurants`;

const recordset = `jsonb_to_recordset(:rows::jsonb) AS x (id bigint, place integer, ${columnDefinitions})`;
const insertSql = `
  INSERT INTO restaurants (id, ${columnNames.join(', ')}, created_at, updated_at, version)
  SELECT x.id, ${columnNames.map(recordColumn).join(', ')}, :at, :at, 1 FROM ${recordset} ORDER BY x.place`;
const updateSql = `
  UPDATE restaurants r SET ${columnNames.map((name) => `${name} = ${recordColumn(name)}`).join(', ')},
    updated_at = :at, version = r.version + 1
  FROM ${recordset} WHERE r.id = x.id`;

/** Serialises imports, so that rows matched by their content are not created twice. */
const lockImports = 'SELECT pg_advisory_xact_lock(2053075970)';

export function createImportStore(database: Database, now: () => Date = () => new Date()): ImportStore {
  async function importOnce(
    records: readonly ImportRecord[],
    { skipExisting, dryRun }: Parameters<ImportStore['importBatch']>[1],
  ): Promise<ImportOutcome[]> {
    return database.transaction(async (queries) => {
      await queries.run(lockImports);
      const existing = await findExisting(queries, records);
      const ids = await reserveIds(queries, records, existing, dryRun);
      const { outcomes, created, updated } = decideImport(records, existing, ids, skipExisting);
      if (dryRun) return outcomes;
      await queries.run('SET CONSTRAINTS restaurants_external_id DEFERRED');
      const at = now().toISOString();
      if (updated.length > 0) await queries.run(updateSql, { rows: toRows(updated), at });
      if (created.length > 0) await queries.run(insertSql, { rows: toRows(created), at });
      return outcomes;
    });
  }

  return {
    async importBatch(records, options) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await importOnce(records, options);
        } catch (error) {
          if (attempts === MAX_ATTEMPTS || !isUniqueViolation(error)) throw error;
        }
      }
    },
  };
}

const toRows = (rows: readonly PlannedRow[]) =>
  JSON.stringify(rows.map(({ id, fields }, place) => ({ id, place, ...toColumnValues(fields) })));

type StoredFields = WithJson<ExistingRow>;

/** Locks and reads every row that a record of the batch can match, or whose external id one of them sets. */
async function findExisting(queries: Queries, records: readonly ImportRecord[]): Promise<ExistingRow[]> {
  const externalIds = records.flatMap(({ fields }) => fields.externalId ?? []);
  const names = records.flatMap(({ id, fields }) =>
    id === undefined && !fields.externalId && fields.name !== undefined ? [foldText(fields.name)] : [],
  );
  const rows = await queries.rows<StoredFields>(
    `${selectFields} WHERE id = ANY(:ids::bigint[]) OR external_id = ANY(:externalIds::text[])
       OR (name_folded = ANY(:names::text[]) AND external_id IS NULL)
     ORDER BY id FOR UPDATE`,
    { ids: records.flatMap(({ id }) => id ?? []), externalIds, names },
  );
  return rows.map(parseAttributes);
}

/** Reserves an id for each record without one, above all ids that the batch sets. */
async function reserveIds(
  queries: Queries,
  records: readonly ImportRecord[],
  existing: readonly ExistingRow[],
  dryRun: boolean,
): Promise<number[]> {
  const known = new Set(existing.map(({ externalId }) => externalId));
  const count = records.filter(
    ({ id, fields }) => id === undefined && !(fields.externalId && known.has(fields.externalId)),
  ).length;
  if (dryRun) return Array.from({ length: count }, (_, index) => -1 - index);
  const chosen = Math.max(0, ...records.map(({ id }) => id ?? 0));
  if (chosen > 0) await queries.run(advanceIds, { id: chosen });
  const rows = await queries.rows<{ id: number }>(
    `SELECT nextval('restaurants_id_seq') AS id FROM generate_series(1, :count::integer)`,
    { count },
  );
  return rows.map(({ id }) => id);
}
