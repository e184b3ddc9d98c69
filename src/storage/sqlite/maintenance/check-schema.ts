/** Checks that an SQLite file is a database of this service. */
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { migrate, newestSchema } from '../connection/migrate.ts';
import { defineFunctions } from '../connection/open-database.ts';

/** `TAST`, which the file command shows; written by schema 6. */
const APPLICATION_ID = 1_413_567_316;
const FIRST_SCHEMA_WITH_ID = 6;

/**
 * Not compared: vec0 tables of model versions, the keyword index, which is built after the start, and tables of SQLite
 * and Litestream.
 */
const addedNames = /^(vectors_\d+(_|$)|restaurants_fts|search_build|sqlite_|_litestream_)/;

/** Throws an error whose message says how the schema differs. */
export function checkSchema(database: Database): void {
  const schema = database.pragma('user_version', { simple: true }) as number;
  const applicationId = database.pragma('application_id', { simple: true }) as number;
  if (schema > newestSchema && applicationId === APPLICATION_ID)
    throw new Error('it was written by a newer release');
  const hasId = schema >= FIRST_SCHEMA_WITH_ID;
  if (schema < 1 || schema > newestSchema || applicationId !== (hasId ? APPLICATION_ID : 0)) {
    throw new Error('it is not a database of tastematch');
  }
  const expected = expectedObjects(schema);
  const found = objectsOf(database);
  const differing = [...new Set([...expected.keys(), ...found.keys()])].filter(
    (name) => expected.get(name) !== found.get(name),
  );
  if (differing.length > 0) {
    const shown = differing.slice(0, 3).join(', ');
    throw new Error(`it is not a database of tastematch: its schema differs (${shown})`);
  }
}

/** Of a new database that was migrated as far as this schema. */
function expectedObjects(schema: number): ReadonlyMap<string, string> {
  const fresh = new SqliteDatabase(':memory:');
  try {
    defineFunctions(fresh);
    migrate(fresh, schema);
    return objectsOf(fresh);
  } finally {
    fresh.close();
  }
}

/** Type and SQL of tables, indexes, triggers and views, by name. */
function objectsOf(database: Database): ReadonlyMap<string, string> {
  const rows = database.prepare("SELECT name, type || ' ' || coalesce(sql, '') FROM sqlite_schema").raw();
  return new Map((rows.all() as [string, string][]).filter(([name]) => !addedNames.test(name)));
}
