/** What a restart must not forget: small values by name. */
export const operation = `
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX restaurants_by_views ON restaurants (view_count) WHERE view_count > 0;
`;
