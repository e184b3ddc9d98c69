/** Custom fields, an index for suggestions and one for `updatedSince`, and the log of changes. */
export const attributesAndChanges = `
ALTER TABLE restaurants ADD COLUMN attributes TEXT; -- a JSON object
CREATE INDEX restaurants_by_location ON restaurants (location_folded);
CREATE INDEX restaurants_by_update   ON restaurants (updated_at, id);

-- The latest change of each kind to each restaurant, so that it does not grow beyond the catalogue.
CREATE TABLE catalogue_changes (
  position      INTEGER PRIMARY KEY AUTOINCREMENT,
  restaurant_id INTEGER NOT NULL,
  kind          TEXT NOT NULL,
  at            TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX catalogue_changes_by_row ON catalogue_changes (restaurant_id, kind);
INSERT INTO catalogue_changes (restaurant_id, kind, at) SELECT id, 'created', created_at FROM restaurants ORDER BY id;
INSERT INTO catalogue_changes (restaurant_id, kind, at)
  SELECT restaurant_id, 'embedded', max(created_at) FROM embeddings GROUP BY restaurant_id ORDER BY restaurant_id;

CREATE TRIGGER changes_created AFTER INSERT ON restaurants BEGIN
  INSERT OR REPLACE INTO catalogue_changes (restaurant_id, kind, at) VALUES (new.id, 'created', new.created_at);
END;
CREATE TRIGGER changes_updated AFTER UPDATE OF version ON restaurants BEGIN
  INSERT OR REPLACE INTO catalogue_changes (restaurant_id, kind, at) VALUES (new.id, 'updated', new.updated_at);
END;
CREATE TRIGGER changes_deleted AFTER DELETE ON restaurants BEGIN
  DELETE FROM catalogue_changes WHERE restaurant_id = old.id;
  INSERT INTO catalogue_changes (restaurant_id, kind, at)
    VALUES (old.id, 'deleted', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;
CREATE TRIGGER changes_embedded AFTER INSERT ON embeddings BEGIN
  INSERT OR REPLACE INTO catalogue_changes (restaurant_id, kind, at)
    VALUES (new.restaurant_id, 'embedded', new.created_at);
END;
CREATE TRIGGER changes_embedded_again AFTER UPDATE OF text_hash ON embeddings BEGIN
  INSERT OR REPLACE INTO catalogue_changes (restaurant_id, kind, at)
    VALUES (new.restaurant_id, 'embedded', new.created_at);
END;
`;
