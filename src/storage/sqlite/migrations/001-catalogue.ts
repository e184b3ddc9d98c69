/** Restaurants, their keyword index, and the records of their vectors. */
export const catalogue = `
CREATE TABLE restaurants (
  id              INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a deleted id stays 404
  external_id     TEXT UNIQUE,
  name            TEXT NOT NULL,
  cuisine_type    TEXT,
  description     TEXT,
  rating          REAL,
  price_level     INTEGER,
  location        TEXT,
  latitude        REAL,
  longitude       REAL,
  name_folded     TEXT NOT NULL,
  cuisine_folded  TEXT,
  location_folded TEXT,
  text_hash       TEXT NOT NULL,
  view_count      INTEGER NOT NULL DEFAULT 0,
  created_at      TEXT NOT NULL,
  updated_at      TEXT NOT NULL,
  version         INTEGER NOT NULL
) STRICT;
CREATE INDEX restaurants_by_name     ON restaurants (name_folded, id);
CREATE INDEX restaurants_by_rating   ON restaurants (rating, id);
CREATE INDEX restaurants_by_creation ON restaurants (created_at, id);
CREATE INDEX restaurants_by_cuisine  ON restaurants (cuisine_folded);
CREATE INDEX restaurants_by_latitude ON restaurants (latitude);

CREATE VIRTUAL TABLE restaurants_fts USING fts5 (
  name, cuisine_type, description,
  content = 'restaurants', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER restaurants_fts_insert AFTER INSERT ON restaurants BEGIN
  INSERT INTO restaurants_fts (rowid, name, cuisine_type, description)
  VALUES (new.id, new.name, new.cuisine_type, new.description);
END;
CREATE TRIGGER restaurants_fts_delete AFTER DELETE ON restaurants BEGIN
  INSERT INTO restaurants_fts (restaurants_fts, rowid, name, cuisine_type, description)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description);
END;
CREATE TRIGGER restaurants_fts_update AFTER UPDATE OF name, cuisine_type, description ON restaurants BEGIN
  INSERT INTO restaurants_fts (restaurants_fts, rowid, name, cuisine_type, description)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description);
  INSERT INTO restaurants_fts (rowid, name, cuisine_type, description)
  VALUES (new.id, new.name, new.cuisine_type, new.description);
END;

-- The vectors of generation N are in the vec0 table vectors_N, made when it is first used.
CREATE TABLE generations (
  id               INTEGER PRIMARY KEY,
  model            TEXT NOT NULL,
  sha256           TEXT NOT NULL,
  template_version INTEGER NOT NULL,
  dimensions       INTEGER NOT NULL,
  UNIQUE (model, sha256, template_version, dimensions)
) STRICT;

-- At most one vector a restaurant: a new one replaces that of an earlier text or model.
CREATE TABLE embeddings (
  restaurant_id INTEGER PRIMARY KEY REFERENCES restaurants (id),
  generation_id INTEGER NOT NULL REFERENCES generations (id),
  text_hash     TEXT NOT NULL,
  created_at    TEXT NOT NULL
) STRICT;
CREATE INDEX embeddings_by_text ON embeddings (generation_id, text_hash);

CREATE TABLE embedding_failures (
  restaurant_id INTEGER PRIMARY KEY REFERENCES restaurants (id) ON DELETE CASCADE,
  generation_id INTEGER NOT NULL REFERENCES generations (id),
  text_hash     TEXT NOT NULL,
  reason        TEXT NOT NULL,
  detail        TEXT NOT NULL,
  attempts      INTEGER NOT NULL,
  failed_at     TEXT NOT NULL,
  retry_at      TEXT NOT NULL
) STRICT;
`;
