/** How rows of `restaurants` are joined with their embeddings, and read. */

/** True for a row `r` joined with its embedding `e` of the version when the vector is of the current text. */
export const isReady = 'e.text_hash = r.text_hash';

/** The version's embedding. SQLite omits the join if no condition uses `e`. Binds `:modelVersion`. */
export const joinEmbedding =
  'LEFT JOIN embeddings e ON e.restaurant_id = r.id AND e.model_version_id = :modelVersion';

/** The joins that {@link isReady} and {@link embeddingStatus} need. Binds `:modelVersion`. */
export const embeddingJoins = `
  ${joinEmbedding}
  LEFT JOIN embedding_failures f
    ON f.restaurant_id = r.id AND f.model_version_id = :modelVersion AND f.text_hash = r.text_hash`;

export const embeddingStatus = `
  CASE WHEN ${isReady} THEN 'ready'
       WHEN f.restaurant_id IS NOT NULL THEN 'failed'
       WHEN EXISTS (SELECT 1 FROM embeddings WHERE restaurant_id = r.id) THEN 'stale'
       ELSE 'missing' END`;

/**
 * Everything that {@link toRestaurant} needs; a WHERE clause over `r`, `e` and `f` can follow. Without a vector of the
 * version, model and time are those of the latest other one. Binds `:modelVersion`.
 */
export const selectRestaurants = `
  SELECT r.id, r.external_id, r.name, r.cuisine_type, r.description, r.rating, r.price_level, r.location,
         r.latitude, r.longitude, r.attributes, r.created_at, r.updated_at, r.version,
         ${embeddingStatus} AS status, m.model, coalesce(e.created_at, o.created_at) AS embedded_at, f.reason
  FROM restaurants r ${embeddingJoins}
  LEFT JOIN embeddings o ON e.restaurant_id IS NULL AND o.restaurant_id = r.id AND o.model_version_id =
    (SELECT max(model_version_id) FROM embeddings WHERE restaurant_id = r.id)
  LEFT JOIN model_versions m ON m.id = coalesce(e.model_version_id, o.model_version_id)`;
