/** Prepared statements by their SQL, for queries that are put together from filters. */
import type { Database, Statement } from 'better-sqlite3';

/** Few shapes of requests make most of the traffic. */
const MAX_STATEMENTS = 64;

export function createStatementCache(database: Database): (sql: string) => Statement {
  const statements = new Map<string, Statement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= MAX_STATEMENTS) statements.clear();
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}
