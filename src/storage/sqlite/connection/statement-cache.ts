/** Prepared statements by their SQL, for queries composed from filters. */
import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/** Most requests have one of a few combinations of filters. */
const MAX_STATEMENTS = 64;

export function createStatementCache(database: Database): (sql: string) => Statement {
  const statements = new LRUCache<string, Statement>({ max: MAX_STATEMENTS });
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}
