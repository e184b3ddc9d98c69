/** Named values in SQL: `:name` becomes `$1`, `$2`, … of the PostgreSQL protocol. */

export type SqlValue = string | number | boolean | null | Buffer | readonly (string | number | Buffer)[];
export type SqlValues = Readonly<Record<string, SqlValue | undefined>>;

/** A name after a single colon; `::` is a cast. */
const NAME = /(?<![:\w]):([a-zA-Z]\w*)/g;

/** Values that the SQL does not name are left out. Throws a `TypeError` when a named value is missing. */
export function bindValues(
  sql: string,
  values: SqlValues,
): { readonly text: string; readonly values: SqlValue[] } {
  const positions = new Map<string, number>();
  const bound: SqlValue[] = [];
  const text = sql.replaceAll(NAME, (_, name: string) => {
    let position = positions.get(name);
    if (position === undefined) {
      const value = values[name];
      if (value === undefined) throw new TypeError(`the SQL names :${name}, which has no value`);
      position = bound.push(value);
      positions.set(name, position);
    }
    return `$${position}`;
  });
  return { text, values: bound };
}
