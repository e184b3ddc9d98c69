/** A content hash, by which an import finds rows without an externalId, also among thousands with one name. */
export const contentHash = `
PRAGMA application_id = 1413567316; -- TAST
ALTER TABLE restaurants ADD COLUMN content_hash INTEGER; -- null with an external_id
UPDATE restaurants SET content_hash = content_hash(
  name, cuisine_type, description, rating, price_level, location, latitude, longitude, attributes) WHERE external_id IS NULL;
CREATE INDEX restaurants_by_content ON restaurants (content_hash) WHERE content_hash IS NOT NULL;
`;
