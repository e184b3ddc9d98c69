/** Copies a database into another one, page by page; pages that are already equal are skipped. */
import { createHash } from 'node:crypto';
import type { ModelVersion } from '../catalog/model-version.ts';
import type { CopiedRestaurant, CopyReader, CopyStore } from './copy-store.ts';

/** Rows that are compared, written and verified together. */
const PAGE_ROWS = 1_000;

export interface CopyReport {
  /** Restaurants in the source. */
  readonly restaurants: number;
  /** Restaurants written because they were missing or different. */
  readonly written: number;
  readonly deleted: number;
  readonly vectors: number;
  readonly idempotencyKeys: number;
  /** Pages of 1,000 rows whose checksum was found equal in both databases. */
  readonly verifiedPages: number;
}

/** A page that was written does not read back equal. */
export class CopyVerificationError extends Error {
  override readonly name = 'CopyVerificationError';
  readonly expected = true;
}

/**
 * Reads one snapshot of `source`, which may be in use. Nothing else may write to `target` meanwhile. A copy that was
 * interrupted, or is repeated later, compares every page and writes what differs, deleted rows included. Rejects with a
 * {@link CopyVerificationError}.
 */
export function copyCatalogue(
  source: CopyStore,
  target: CopyStore,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<CopyReport> {
  return source.readSnapshot(async (snapshot) => {
    const total = await snapshot.count();
    const report = {
      restaurants: 0,
      written: 0,
      deleted: 0,
      vectors: 0,
      idempotencyKeys: 0,
      verifiedPages: 0,
    };
    const readPage = (after: number) => snapshot.restaurants({ after, limit: PAGE_ROWS });
    let verification: Promise<void> | undefined;
    for (let after = 0, rows = await readPage(after); ;) {
      const isLast = rows.length < PAGE_ROWS;
      const last = isLast ? Number.MAX_SAFE_INTEGER : (rows.at(-1)?.id ?? after);
      const range = { after, last };
      // While the target writes, the next page is read, and the one before is compared with what was stored.
      const [{ written, deleted }, nextRows] = await Promise.all([
        writePage(rows, range, target),
        isLast ? [] : readPage(last),
        verification,
      ]);
      if (written + deleted > 0) verification = verifyPage(rows, range, target);
      verification?.catch(() => {});
      report.restaurants += rows.length;
      report.written += written;
      report.deleted += deleted;
      report.vectors += rows.reduce((sum, { vectors }) => sum + vectors.length, 0);
      report.verifiedPages += 1;
      onProgress(report.restaurants, total);
      if (isLast) break;
      [after, rows] = [last, nextRows];
    }
    await verification;
    report.idempotencyKeys = await copyIdempotencyKeys(snapshot, target);
    await target.advanceIds(await snapshot.lastId());
    const copied = await target.count();
    if (copied !== total) {
      throw new CopyVerificationError(
        `The source has ${total} restaurants and the copy ${copied}: run it again.`,
      );
    }
    await target.finish();
    return report;
  });
}

interface IdRange {
  readonly after: number;
  readonly last: number;
}

const isEqual = (row: CopiedRestaurant, stored: CopiedRestaurant | undefined): boolean =>
  stored !== undefined && checksum([stored]) === checksum([row]);

/** Writes what differs from the target. */
async function writePage(
  rows: readonly CopiedRestaurant[],
  range: IdRange,
  target: CopyStore,
): Promise<{ written: number; deleted: number }> {
  const existing = new Map((await readRange(target, range)).map((row) => [row.id, row]));
  const changed = rows.filter((row) => !isEqual(row, existing.get(row.id)));
  const ids = new Set(rows.map(({ id }) => id));
  const deletedIds = [...existing.keys()].filter((id) => !ids.has(id));
  if (changed.length + deletedIds.length > 0) await target.write({ changed, deletedIds });
  return { written: changed.length, deleted: deletedIds.length };
}

async function verifyPage(
  rows: readonly CopiedRestaurant[],
  range: IdRange,
  target: CopyStore,
): Promise<void> {
  if (checksum(await readRange(target, range)) === checksum(rows)) return;
  throw new CopyVerificationError(
    `Rows ${range.after + 1} to ${rows.at(-1)?.id ?? range.after} differ after they were copied: ` +
      'another process may be writing to the copy.',
  );
}

/** Also reads ranges after the source's last row, which may hold any number of rows to delete. */
async function readRange(reader: CopyReader, { after, last }: IdRange): Promise<CopiedRestaurant[]> {
  const rows: CopiedRestaurant[] = [];
  for (let from = after; ;) {
    const page = await reader.restaurants({ after: from, last, limit: PAGE_ROWS });
    rows.push(...page);
    const end = page.at(-1);
    if (!end || page.length < PAGE_ROWS) return rows;
    from = end.id;
  }
}

async function copyIdempotencyKeys(snapshot: CopyReader, target: CopyStore): Promise<number> {
  let count = 0;
  for (let after = ''; ;) {
    const keys = await snapshot.idempotencyKeys(after, PAGE_ROWS);
    const last = keys.at(-1);
    if (!last) return count;
    await target.writeIdempotencyKeys(keys);
    count += keys.length;
    after = last.key;
  }
}

const versionKey = ({ model, sha256, templateVersion, dimensions }: ModelVersion) =>
  `${model} ${sha256} ${templateVersion} ${dimensions}`;

const byText = (a: string, b: string) => (a < b ? -1 : 1);

/** JSON that does not depend on the order in which an engine returns columns. */
const canonical = (values: object): string =>
  JSON.stringify(Object.entries(values).toSorted(([a], [b]) => byText(a, b)));

/** sha-256 over every value of the rows, vectors bit by bit. */
function checksum(rows: readonly CopiedRestaurant[]): string {
  const hash = createHash('sha256');
  for (const { vectors, failures, fields, ...row } of rows) {
    const failed = failures.map(({ modelVersion, ...failure }) =>
      canonical({ ...failure, modelVersion: versionKey(modelVersion) }),
    );
    hash.update([canonical(row), canonical(fields), ...failed.toSorted(byText)].join('\n'));
    const byVersion = vectors.toSorted((a, b) =>
      byText(versionKey(a.modelVersion), versionKey(b.modelVersion)),
    );
    for (const { modelVersion, textHash, createdAt, vector } of byVersion) {
      hash.update(`${versionKey(modelVersion)} ${textHash} ${createdAt}\n`);
      hash.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
    }
  }
  return hash.digest('hex');
}
