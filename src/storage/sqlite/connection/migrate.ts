/** Brings a database to the newest schema. */
import type { Database } from 'better-sqlite3';
import { catalogue } from '../migrations/001-catalogue.ts';
import { operation } from '../migrations/002-operation.ts';
import { idempotency } from '../migrations/003-idempotency.ts';

/** Migration N brings `user_version` from N to N + 1; what has been released is never edited. */
const migrations: readonly string[] = [catalogue, operation, idempotency];

/** The schema that this release writes. */
export const newestSchema = migrations.length;

/** Each migration is one transaction. Throws when the database was written by a newer release. */
export function migrate(database: Database): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new Error(
      `the database has schema ${version}, this release knows ${migrations.length}: use the release that wrote it, or a newer one`,
    );
  }
  migrations.slice(version).forEach((sql, index) => {
    database
      .transaction(() => {
        database.exec(sql);
        database.pragma(`user_version = ${version + index + 1}`);
      })
      .immediate();
  });
}
