/** Custom fields, an index for suggestions and one for `updatedSince`, and the log of changes. */

/** Writers of the log hold this lock shared, a reader exclusively: then no earlier position is still uncommitted. */
export const CHANGE_LOG_LOCK = 2_053_075_971;

export const attributesAndChanges = `
ALTER TABLE restaurants ADD COLUMN attributes text; -- a JSON object, as it was written
CREATE INDEX restaurants_by_location ON restaurants (location_folded);
CREATE INDEX restaurants_by_update   ON restaurants (updated_at, id);

-- The latest change of each kind to each restaurant, so that it does not grow beyond the catalogue.
CREATE SEQUENCE catalogue_change_position;
CREATE TABLE catalogue_changes (
  restaurant_id bigint NOT NULL,
  kind          text NOT NULL,
  position      bigint NOT NULL DEFAULT nextval('catalogue_change_position') UNIQUE,
  at            timestamptz(3) NOT NULL,
  PRIMARY KEY (restaurant_id, kind)
);
INSERT INTO catalogue_changes (restaurant_id, kind, at) SELECT id, 'created', created_at FROM restaurants ORDER BY id;
INSERT INTO catalogue_changes (restaurant_id, kind, at)
  SELECT restaurant_id, 'embedded', max(created_at) FROM embeddings GROUP BY restaurant_id ORDER BY restaurant_id;

CREATE FUNCTION log_restaurants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${CHANGE_LOG_LOCK});
  IF TG_OP = 'INSERT' THEN
    INSERT INTO catalogue_changes AS c (restaurant_id, kind, at)
      SELECT id, 'created', created_at FROM after_rows ORDER BY id
      ON CONFLICT (restaurant_id, kind) DO UPDATE SET position = excluded.position, at = excluded.at;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO catalogue_changes AS c (restaurant_id, kind, at)
      SELECT a.id, 'updated', a.updated_at FROM after_rows a
      JOIN before_rows b ON b.id = a.id AND b.version <> a.version ORDER BY a.id
      ON CONFLICT (restaurant_id, kind) DO UPDATE SET position = excluded.position, at = excluded.at;
  ELSE
    DELETE FROM catalogue_changes WHERE restaurant_id IN (SELECT id FROM before_rows);
    INSERT INTO catalogue_changes (restaurant_id, kind, at) SELECT id, 'deleted', now() FROM before_rows ORDER BY id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_inserted AFTER INSERT ON restaurants
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION log_restaurants();
CREATE TRIGGER log_updated AFTER UPDATE ON restaurants
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION log_restaurants();
CREATE TRIGGER log_deleted AFTER DELETE ON restaurants
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION log_restaurants();

CREATE FUNCTION log_embeddings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${CHANGE_LOG_LOCK});
  INSERT INTO catalogue_changes AS c (restaurant_id, kind, at)
    SELECT restaurant_id, 'embedded', max(created_at) FROM after_rows GROUP BY restaurant_id ORDER BY restaurant_id
    ON CONFLICT (restaurant_id, kind) DO UPDATE SET position = excluded.position, at = excluded.at;
  RETURN NULL;
END $$;
CREATE TRIGGER log_embedded AFTER INSERT ON embeddings
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION log_embeddings();
CREATE TRIGGER log_embedded_again AFTER UPDATE ON embeddings
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION log_embeddings();
`;
