/** The name of the lease on embedding a text: one process at a time computes the vector of a text. */
import type { StoredModelVersion } from '../../../catalog/model-version.ts';

export const claimName = (textHash: string, { id }: StoredModelVersion): string => `embed/${id}/${textHash}`;
