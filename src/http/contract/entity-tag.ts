/** ETags of a restaurant: which answer this is, and which version of which row it shows. */
import type { Restaurant } from '../../catalog/restaurant.ts';
import type { RowSelector, SeenRow, WriteCondition } from '../../catalog/write-condition.ts';

const instant = (iso: string) => Date.parse(iso).toString(36);

/**
 * `"<version>.<created>-<embedding>"`: changes with the row and with its embedding's state, and is another for a row
 * that was created under the id of a deleted one. `variant` tells representations of the same row apart, e.g. with
 * and without the vector.
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
 * embedding made meanwhile does not make a writer's tag stale, nor does compression on the way, which makes it weak.
 * A tag that is none of ours names no row.
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
