/** Responses by Idempotency-Key, kept for a day. */
export const idempotency = `
CREATE TABLE idempotency_keys (
  key        TEXT PRIMARY KEY,
  body_hash  TEXT NOT NULL,
  restaurant TEXT NOT NULL, -- as it was answered, in JSON
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
`;
