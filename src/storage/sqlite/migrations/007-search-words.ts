/**
 * Words of the location join the keyword index, and the vocabulary of the catalogue is kept: its words by stem, and the
 * parts of its locations. The new index is built in the background (`search/search-index.ts`), in the order of ids;
 * until it is complete the old one answers.
 */
export const searchWords = `
CREATE VIRTUAL TABLE restaurants_fts_next USING fts5 (
  name, cuisine_type, description, location,
  content = 'restaurants', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2'
);
-- One row while the new index is being built: restaurants up to this id are in it.
CREATE TABLE search_build (indexed_until INTEGER NOT NULL) STRICT;
INSERT INTO search_build VALUES (0);

CREATE TRIGGER search_build_insert AFTER INSERT ON restaurants
WHEN new.id <= (SELECT indexed_until FROM search_build) BEGIN
  INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;
CREATE TRIGGER search_build_delete AFTER DELETE ON restaurants
WHEN old.id <= (SELECT indexed_until FROM search_build) BEGIN
  INSERT INTO restaurants_fts_next (restaurants_fts_next, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
END;
CREATE TRIGGER search_build_update AFTER UPDATE OF name, cuisine_type, description, location ON restaurants
WHEN old.id <= (SELECT indexed_until FROM search_build) BEGIN
  INSERT INTO restaurants_fts_next (restaurants_fts_next, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
  INSERT INTO restaurants_fts_next (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;

-- Folded words as they occur, with the stem under which they are found.
CREATE TABLE search_words (
  word TEXT PRIMARY KEY,
  stem TEXT NOT NULL,
  rows INTEGER NOT NULL -- texts with it that were written: an upper bound of the restaurants that have it
) STRICT, WITHOUT ROWID;
CREATE INDEX search_words_by_stem ON search_words (stem);
-- Folded parts of locations, with one way in which restaurants write them.
CREATE TABLE search_places (name TEXT PRIMARY KEY, label TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Restaurants whose text has changed since their words were counted.
CREATE TABLE search_changes (id INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER search_changes_insert AFTER INSERT ON restaurants BEGIN
  INSERT OR IGNORE INTO search_changes VALUES (new.id);
END;
CREATE TRIGGER search_changes_update AFTER UPDATE OF name, cuisine_type, description, location ON restaurants BEGIN
  INSERT OR IGNORE INTO search_changes VALUES (new.id);
END;
`;
