/**
 * Words of the location join the keyword index, and the vocabulary of the catalogue is kept: its words by stem, and the
 * parts of its locations. The new index is built in the background (`search/search-index.ts`), in the order of ids;
 * until it is complete the old one answers. Schema 7 had an earlier form of all this, without exact counts: what it made is
 * dropped, and its index answers until the new one is complete.
 */
export const searchWords = `
DROP TRIGGER IF EXISTS search_build_insert;
DROP TRIGGER IF EXISTS search_build_delete;
DROP TRIGGER IF EXISTS search_build_update;
DROP TABLE IF EXISTS restaurants_fts_next;
DROP TABLE IF EXISTS search_build;
DROP TRIGGER IF EXISTS search_changes_insert;
DROP TRIGGER IF EXISTS search_changes_update;
DROP TABLE IF EXISTS search_changes;
DROP TABLE IF EXISTS search_words;
DROP TABLE IF EXISTS search_places;

CREATE VIRTUAL TABLE restaurants_fts_next USING fts5 (
  name, cuisine_type, description, location,
  content = 'restaurants', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);
-- Restaurants up to this id are counted in search_words and, while the new index is being built, are in it.
CREATE TABLE search_progress (done_until INTEGER NOT NULL) STRICT;
INSERT INTO search_progress VALUES (0);

CREATE TRIGGER search_build_insert AFTER INSERT ON restaurants
WHEN new.id <= (SELECT done_until FROM search_progress) BEGIN
  INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;
CREATE TRIGGER search_build_delete AFTER DELETE ON restaurants
WHEN old.id <= (SELECT done_until FROM search_progress) BEGIN
  INSERT INTO restaurants_fts_next (restaurants_fts_next, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
END;
CREATE TRIGGER search_build_update AFTER UPDATE OF name, cuisine_type, description, location ON restaurants
WHEN old.id <= (SELECT done_until FROM search_progress) BEGIN
  INSERT INTO restaurants_fts_next (restaurants_fts_next, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
  INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;

-- Folded words as they occur, with the stem under which they are found.
CREATE TABLE search_words (
  word TEXT PRIMARY KEY,
  stem TEXT NOT NULL,
  rows INTEGER NOT NULL -- restaurants that have it, but for the changes below
) STRICT, WITHOUT ROWID;
CREATE INDEX search_words_by_stem ON search_words (stem);
-- Folded parts of locations, with one way in which restaurants write them.
CREATE TABLE search_places (name TEXT PRIMARY KEY, label TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Counted restaurants whose text has changed or that are gone, with the text that was counted; NULL for none.
CREATE TABLE search_changes (
  id INTEGER PRIMARY KEY, name TEXT, cuisine_type TEXT, description TEXT, location TEXT
) STRICT;
-- An id below those that are counted: only a copied database inserts one.
CREATE TRIGGER search_changes_insert AFTER INSERT ON restaurants
WHEN new.id <= (SELECT done_until FROM search_progress) BEGIN
  INSERT OR IGNORE INTO search_changes (id) VALUES (new.id);
END;
CREATE TRIGGER search_changes_update AFTER UPDATE OF name, cuisine_type, description, location ON restaurants
WHEN old.id <= (SELECT done_until FROM search_progress)
AND (old.name, old.cuisine_type, old.description, old.location)
  IS NOT (new.name, new.cuisine_type, new.description, new.location) BEGIN
  INSERT OR IGNORE INTO search_changes
  VALUES (old.id, old.name, old.cuisine_type, old.description, old.location);
END;
CREATE TRIGGER search_changes_delete AFTER DELETE ON restaurants
WHEN old.id <= (SELECT done_until FROM search_progress) BEGIN
  INSERT OR IGNORE INTO search_changes
  VALUES (old.id, old.name, old.cuisine_type, old.description, old.location);
END;
`;
