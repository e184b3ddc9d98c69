/** Prepared statements by their SQL, for queries that are put together from filters. */
import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';

/** Few shapes of requests make most of the traffic. */
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
