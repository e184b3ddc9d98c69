/** How restaurants are joined with their embeddings, and read. */

/** True for a row `r` joined with the embedding `e` of the version asked for when its vector is of the current text. */
export const isReady = 'e.restaurant_id IS NOT NULL AND e.text_hash = r.text_hash';

/** The embedding of the version asked for. Binds `:modelVersion`. */
export const joinEmbedding = `
  LEFT JOIN embeddings e ON e.restaurant_id = r.id AND e.model_version_id = :modelVersion`;

/** The failure of the current text under the version asked for. Binds `:modelVersion`. */
export const joinFailure = `
  LEFT JOIN embedding_failures f
    ON f.restaurant_id = r.id AND f.model_version_id = :modelVersion AND f.text_hash = r.text_hash`;

/** Where there is no embedding of the version asked for, the newest of another: it makes the row `stale`. */
const joinOther = `
  LEFT JOIN LATERAL (
    SELECT o.model_version_id, o.created_at FROM embeddings o
    WHERE e.restaurant_id IS NULL AND o.restaurant_id = r.id
    ORDER BY o.model_version_id DESC LIMIT 1) other ON true`;

export const embeddingStatus = `
  CASE WHEN ${isReady} THEN 'ready'
       WHEN f.restaurant_id IS NOT NULL THEN 'failed'
       WHEN e.restaurant_id IS NULL AND other.model_version_id IS NULL THEN 'missing'
       ELSE 'stale' END`;

/** The joins that {@link embeddingStatus} needs. Binds `:modelVersion`. */
export const embeddingJoins = `${joinEmbedding} ${joinFailure} ${joinOther}`;

/** Everything that `toRestaurant` needs, over `r`. Binds `:modelVersion`. */
export const restaurantColumns = `
  r.id, r.external_id, r.name, r.cuisine_type, r.description, r.rating, r.price_level, r.location,
  r.latitude, r.longitude, r.attributes, r.created_at, r.updated_at, r.version, ${embeddingStatus} AS status,
  m.model, coalesce(e.created_at, other.created_at) AS embedded_at, f.reason`;

export const restaurantJoins = `${embeddingJoins}
  LEFT JOIN model_versions m ON m.id = coalesce(e.model_version_id, other.model_version_id)`;

/** A WHERE clause over `r`, `e` and `f` can follow. Binds `:modelVersion`. */
export const selectRestaurants = `SELECT ${restaurantColumns} FROM restaurants r ${restaurantJoins}`;
