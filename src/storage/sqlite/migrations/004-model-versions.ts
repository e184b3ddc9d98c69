/**
 * Vectors are keyed by restaurant and model version, so that the vectors of the earlier model stay until the new one
 * covers them. Vector data itself stays where it is, in the vec0 table `vectors_N` of version N.
 */
export const modelVersions = `
ALTER TABLE generations RENAME TO model_versions;
ALTER TABLE model_versions ADD COLUMN used_at TEXT NOT NULL DEFAULT ''; -- ISO 8601: when it was last in use

CREATE TABLE versioned_embeddings (
  restaurant_id    INTEGER NOT NULL REFERENCES restaurants (id),
  model_version_id INTEGER NOT NULL REFERENCES model_versions (id),
  text_hash        TEXT NOT NULL,
  created_at       TEXT NOT NULL,
  PRIMARY KEY (restaurant_id, model_version_id)
) STRICT, WITHOUT ROWID;
INSERT INTO versioned_embeddings SELECT restaurant_id, generation_id, text_hash, created_at
  FROM embeddings ORDER BY restaurant_id;
DROP TABLE embeddings;
ALTER TABLE versioned_embeddings RENAME TO embeddings;
CREATE INDEX embeddings_by_text ON embeddings (model_version_id, text_hash);

CREATE TABLE versioned_failures (
  restaurant_id    INTEGER NOT NULL REFERENCES restaurants (id) ON DELETE CASCADE,
  model_version_id INTEGER NOT NULL REFERENCES model_versions (id),
  text_hash        TEXT NOT NULL,
  reason           TEXT NOT NULL,
  detail           TEXT NOT NULL,
  attempts         INTEGER NOT NULL,
  failed_at        TEXT NOT NULL,
  retry_at         TEXT NOT NULL,
  PRIMARY KEY (restaurant_id, model_version_id)
) STRICT, WITHOUT ROWID;
INSERT INTO versioned_failures
  SELECT restaurant_id, generation_id, text_hash, reason, detail, attempts, failed_at, retry_at
  FROM embedding_failures ORDER BY restaurant_id;
DROP TABLE embedding_failures;
ALTER TABLE versioned_failures RENAME TO embedding_failures;
CREATE INDEX embedding_failures_by_time ON embedding_failures (model_version_id, failed_at);
`;
