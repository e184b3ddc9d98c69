/**
 * The number of rows by embedding status, maintained by triggers of this connection. A full count takes about 100 ms in
 * 100,000 rows; it is needed for a version that was not counted yet and after another process has written.
 */
import type { Database } from 'better-sqlite3';
import type { EmbeddingCounts } from '../../../embedding/embedding-store.ts';
import { watchExternalChanges } from '../connection/external-changes.ts';
import { embeddingJoins, embeddingStatus } from '../restaurants/restaurant-row.ts';

const statuses = ['ready', 'stale', 'missing', 'failed'] as const;

/** The status of row `id` under the version `v`, as {@link embeddingStatus} has it. */
const statusOf = (id: string) => `CASE
  WHEN EXISTS (SELECT 1 FROM embeddings e JOIN restaurants r ON r.id = e.restaurant_id AND r.text_hash = e.text_hash
    WHERE e.restaurant_id = ${id} AND e.model_version_id = v) THEN 'ready'
  WHEN EXISTS (SELECT 1 FROM embedding_failures f
    JOIN restaurants r ON r.id = f.restaurant_id AND r.text_hash = f.text_hash
    WHERE f.restaurant_id = ${id} AND f.model_version_id = v) THEN 'failed'
  WHEN EXISTS (SELECT 1 FROM embeddings WHERE restaurant_id = ${id}) THEN 'stale'
  ELSE 'missing' END`;

/** Adds to the count of the row's present status, under every version that is counted. */
const add = (change: 1 | -1, id: string) =>
  `UPDATE status_counts SET rows = rows + (${change})
   WHERE (v, status) IN (SELECT v, ${statusOf(id)} FROM counted_versions);`;

/** Two triggers: before a write the row is subtracted from the count of its status, after it added to the new one. */
const recount = (name: string, event: string, row: 'old' | 'new', id: string, condition = '1') => `
CREATE TEMP TRIGGER ${name}_leaves BEFORE ${event} WHEN ${condition} BEGIN ${add(-1, `${row}.${id}`)} END;
CREATE TEMP TRIGGER ${name}_enters AFTER ${event} WHEN ${condition} BEGIN ${add(1, `${row}.${id}`)} END;`;

const setUp = `
CREATE TEMP TABLE counted_versions (v INTEGER PRIMARY KEY);
CREATE TEMP TABLE status_counts (v INTEGER, status TEXT, rows INTEGER NOT NULL, PRIMARY KEY (v, status)) WITHOUT ROWID;
CREATE TEMP TRIGGER row_created AFTER INSERT ON main.restaurants
BEGIN UPDATE status_counts SET rows = rows + 1 WHERE status = 'missing'; END;
CREATE TEMP TRIGGER row_deleted BEFORE DELETE ON main.restaurants BEGIN ${add(-1, 'old.id')} END;
${recount(
  'row_edited',
  'UPDATE OF text_hash ON main.restaurants',
  'old',
  'id',
  'old.text_hash <> new.text_hash',
)}
${recount('vector_added', 'INSERT ON main.embeddings', 'new', 'restaurant_id')}
${recount('vector_renewed', 'UPDATE ON main.embeddings', 'new', 'restaurant_id')}
${recount('vector_removed', 'DELETE ON main.embeddings', 'old', 'restaurant_id')}
${recount('failure_added', 'INSERT ON main.embedding_failures', 'new', 'restaurant_id')}
${recount('failure_renewed', 'UPDATE ON main.embedding_failures', 'new', 'restaurant_id')}
${recount('failure_removed', 'DELETE ON main.embedding_failures', 'old', 'restaurant_id')}
`;

export interface CatalogueCounts {
  /** Of the version with this row id; 0 is no version. */
  of(modelVersionId: number): EmbeddingCounts;
  /** Discards the counts before a write that touches very many rows; the next call of `of` counts again. */
  forget(): void;
}

export function createCatalogueCounts(database: Database): CatalogueCounts {
  database.exec(setUp);
  const select = database.prepare('SELECT status, rows FROM status_counts WHERE v = ?').raw();
  const insertVersion = database.prepare('INSERT INTO counted_versions VALUES (?)');
  const insertCount = database.prepare('INSERT INTO status_counts VALUES (?, ?, ?)');
  const countByStatus = database
    .prepare(`SELECT ${embeddingStatus}, count(*) FROM restaurants r ${embeddingJoins} GROUP BY 1`)
    .raw();
  const changedElsewhere = watchExternalChanges(database);

  function forget(): void {
    database.exec('DELETE FROM counted_versions; DELETE FROM status_counts;');
  }

  const count = database.transaction((modelVersion: number) => {
    const counted = new Map(countByStatus.all({ modelVersion }) as [string, number][]);
    insertVersion.run(modelVersion);
    for (const status of statuses) insertCount.run(modelVersion, status, counted.get(status) ?? 0);
  });

  return {
    of(modelVersionId) {
      if (changedElsewhere()) forget();
      let rows = select.all(modelVersionId) as [(typeof statuses)[number], number][];
      if (rows.length === 0) {
        count(modelVersionId);
        rows = select.all(modelVersionId) as typeof rows;
      }
      const counts = Object.fromEntries(rows) as Record<(typeof statuses)[number], number>;
      return { ...counts, total: rows.reduce((sum, [, number]) => sum + number, 0) };
    },
    forget,
  };
}
