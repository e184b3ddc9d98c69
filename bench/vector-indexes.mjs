/** The two ways in which SQLite's engine searches vectors, on a database as the service makes it. */
import { createDataVersion } from '../dist/src/storage/sqlite/connection/data-version.js';
import { openDatabase } from '../dist/src/storage/sqlite/connection/open-database.js';
import { createModelVersionStore } from '../dist/src/storage/sqlite/embeddings/model-versions.js';
import { createStoredVectors } from '../dist/src/storage/sqlite/embeddings/stored-vectors.js';
import { createVectorChanges } from '../dist/src/storage/sqlite/embeddings/vector-changes.js';
import { createCurrentVectors } from '../dist/src/storage/sqlite/search/current-vectors.js';
import { createInt8VectorIndex } from '../dist/src/storage/sqlite/search/int8-vector-index.js';
import { createSqliteVectorIndex } from '../dist/src/storage/sqlite/search/sqlite-vec-index.js';

const AT = '2026-01-01T00:00:00.000Z';

/** `addRows` takes `{ id, rating, vector }`; the indexes find what was added before they are searched or filled. */
export async function openVectorIndexes(file, dimensions) {
  const database = openDatabase(file);
  const modelVersion = await createModelVersionStore(database).register({
    model: 'synthetic',
    sha256: 'x',
    templateVersion: 1,
    dimensions,
  });
  const addRestaurant = database.prepare(
    `INSERT INTO restaurants (id, name, name_folded, rating, text_hash, created_at, updated_at, version)
     VALUES (:id, :name, :name, :rating, :name, '${AT}', '${AT}', 1)`,
  );
  const addRecord = database.prepare(
    `INSERT INTO embeddings (restaurant_id, model_version_id, text_hash, created_at) VALUES (?, ?, ?, '${AT}')`,
  );
  const addVector = database.prepare(`INSERT INTO vectors_${modelVersion.id} (rowid, vector) VALUES (?, ?)`);
  const addRows = database.transaction((rows) => {
    for (const { id, rating, vector } of rows) {
      const name = `Restaurant ${id}`;
      addRestaurant.run({ id, name, rating });
      addRecord.run(id, modelVersion.id, name);
      addVector.run(BigInt(id), vector);
    }
  });
  const vectors = createCurrentVectors(database, createDataVersion(database), createStoredVectors(database));
  return {
    modelVersion,
    addRows,
    onDisk: createSqliteVectorIndex(database, vectors),
    inMemory: createInt8VectorIndex(vectors, createVectorChanges()),
    close: () => database.close(),
  };
}
