/** ETags of a restaurant: which answer this is, and which version of the row it shows. */
import type { Restaurant } from '../catalog/restaurant.ts';
import { Problem } from './problem.ts';

/**
 * `"<version>-<embedding>"`: changes with the row and with its embedding's state.
 * `variant` tells representations of the same row apart, e.g. with and without the vector.
 */
export function entityTag({ version, embedding }: Restaurant, variant = ''): string {
  const made = embedding.createdAt ? Date.parse(embedding.createdAt).toString(36) : '';
  const reason = embedding.reason ? `.${embedding.reason}` : '';
  return `"${version}-${embedding.status}${made}${reason}${variant}"`;
}

/** If-None-Match (RFC 9110, 13.1.2): weak comparison with any of the tags, or `*`. */
export function matchesAny(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((candidate) => {
    const trimmed = candidate.trim();
    return trimmed === '*' || trimmed.replace(/^W\//, '') === tag;
  });
}

/**
 * The version that a writer expects. An embedding made meanwhile does not make a writer's tag stale,
 * so only the version in it counts. Undefined when the header is absent or `*`.
 */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*' || ifMatch.trim() === '') return undefined;
  const version = /^"(\d{1,15})-[^"]*"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) {
    throw new Problem(
      'version-mismatch',
      'If-Match is not an ETag of this restaurant: read it again and repeat the change.',
    );
  }
  return Number(version);
}
