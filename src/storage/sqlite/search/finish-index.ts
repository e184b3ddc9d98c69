/** The last step of building the keyword index: the new one replaces the old one. */

/** In one transaction with the last batch. Statements that were prepared before use the new index. */
export const finishIndex = `
DROP TRIGGER restaurants_fts_insert;
DROP TRIGGER restaurants_fts_delete;
DROP TRIGGER restaurants_fts_update;
DROP TRIGGER search_build_insert;
DROP TRIGGER search_build_delete;
DROP TRIGGER search_build_update;
DROP TABLE restaurants_fts;
ALTER TABLE restaurants_fts_next RENAME TO restaurants_fts;
CREATE TRIGGER restaurants_fts_insert AFTER INSERT ON restaurants BEGIN
  INSERT INTO restaurants_fts (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;
CREATE TRIGGER restaurants_fts_delete AFTER DELETE ON restaurants BEGIN
  INSERT INTO restaurants_fts (restaurants_fts, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
END;
CREATE TRIGGER restaurants_fts_update AFTER UPDATE OF name, cuisine_type, description, location ON restaurants BEGIN
  INSERT INTO restaurants_fts (restaurants_fts, rowid, name, cuisine_type, description, location)
  VALUES ('delete', old.id, old.name, old.cuisine_type, old.description, old.location);
  INSERT INTO restaurants_fts (rowid, name, cuisine_type, description, location)
  VALUES (new.id, new.name, new.cuisine_type, new.description, new.location);
END;
`;
