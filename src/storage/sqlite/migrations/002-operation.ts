/** Settings: small values by name that survive a restart. */
export const operation = `
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX restaurants_by_views ON restaurants (view_count) WHERE view_count > 0;
`;
