/** ETags of restaurants: they identify the row, its version and its embedding. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RowSelector, SeenRow, WriteCondition } from '../../catalog/write-condition.ts';

const instant = (iso: string) => Date.parse(iso).toString(36);

/**
 * `"<version>.<created>-<embedding>"`: changes with the row and with the state of its embedding, and differs for a row
 * created under the id of a deleted one. `variant` distinguishes representations of the same row, e.g. with and
 * without the vector.
 */
export function entityTag({ version, createdAt, embedding }: Restaurant, variant = ''): string {
  const made = embedding.createdAt ? instant(embedding.createdAt) : '';
  const reason = embedding.reason ? `.${embedding.reason}` : '';
  return `"${version}.${instant(createdAt)}-${embedding.status}${made}${reason}${variant}"`;
}

const listed = (header: string) => header.split(',').map((tag) => tag.trim());
const withoutWeakness = (tag: string) => tag.replace(/^W\//, '');

/** If-None-Match (RFC 9110, 13.1.2): weak comparison with any of the tags, or `*`. */
export function matchesAny(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || listed(header).some((candidate) => withoutWeakness(candidate) === tag);
}

/**
 * The rows that a writer names in If-Match and If-None-Match (RFC 9110, 13.1). Only the row and its version count: an
 * embedding made meanwhile does not invalidate a tag, nor does compression, which makes it weak. A tag that is not from
 * this service matches no row.
 */
export function writeCondition(ifMatch: string | undefined, ifNoneMatch: string | undefined): WriteCondition {
  return { match: rowsOf(ifMatch), noneMatch: rowsOf(ifNoneMatch) };
}

function rowsOf(header: string | undefined): RowSelector | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  return header.trim() === '*' ? '*' : listed(header).flatMap((tag) => rowOf(withoutWeakness(tag)) ?? []);
}

function rowOf(tag: string): SeenRow | undefined {
  const [, version, created] = /^"(\d{1,15})\.([\da-z]{1,10})-[^"]*"$/.exec(tag) ?? [];
  if (version === undefined || created === undefined) return undefined;
  return { version: Number(version), createdAtMs: Number.parseInt(created, 36) };
}
