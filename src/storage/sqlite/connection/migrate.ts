/** Brings a database to the newest schema. */
import type { Database } from 'better-sqlite3';
import { catalogue } from '../migrations/001-catalogue.ts';
import { operation } from '../migrations/002-operation.ts';
import { idempotency } from '../migrations/003-idempotency.ts';
import { modelVersions } from '../migrations/004-model-versions.ts';
import { attributesAndChanges } from '../migrations/005-attributes-and-changes.ts';
import { contentHash } from '../migrations/006-content-hash.ts';
import { searchWords } from '../migrations/008-search-words.ts';

/** Migration N brings `user_version` from N to N + 1; what has been released is never edited. */
export const migrations: readonly string[] = [
  catalogue,
  operation,
  idempotency,
  modelVersions,
  attributesAndChanges,
  contentHash,
  '', // An earlier form of the next one, which replaces it.
  searchWords,
];

/** The schema that this release writes. */
export const newestSchema = migrations.length;

/**
 * Brings the database to this schema; a newer one is left as it is. Each migration is one transaction, which reads the
 * version again, so that of two processes that start at once only one migrates. Throws when the database was written by a newer release.
 */
export function migrate(database: Database, schema = newestSchema): void {
  const readVersion = () => database.pragma('user_version', { simple: true }) as number;
  const migrateOnce = database.transaction(() => {
    const version = readVersion();
    const migration = migrations[version];
    if (migration === undefined || version >= schema) return;
    database.exec(migration);
    database.pragma(`user_version = ${version + 1}`);
  }).immediate;

  while (readVersion() < schema) migrateOnce();
  const version = readVersion();
  if (version > migrations.length) {
    throw new Error(
      `the database has schema ${version}, this release knows ${migrations.length}: use the release that wrote it, or a newer one`,
    );
  }
}
