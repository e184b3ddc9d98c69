/** How much of the catalogue is indexed: one cell for each restaurant, or for a run of them. */
import type { EmbeddingCounts, EmbeddingStore } from '../../embedding/embedding-store.ts';
import type { StoredModelVersion } from '../../catalog/model-version.ts';
import type { Words } from '../languages/words.ts';

const MAX_CELLS = 500;
/** Shades between an outline and a full cell. */
const SHADES = 4;
/** Counts of a large catalogue are cached for at least this long, and so that counting takes at most 1 % of the time. */
const LEAST_KEPT_MS = 1_000;
const KEPT_FOR_TIMES = 100;

export interface CatalogueCoverage {
  readonly counts: EmbeddingCounts;
  readonly runs: readonly { readonly total: number; readonly ready: number }[];
}

/** Reads both at once, so that they are consistent. */
export function createCoverageReader(embeddings: Pick<EmbeddingStore, 'counts' | 'countByRun'>) {
  let kept:
    { readonly until: number; readonly key: string; readonly coverage: CatalogueCoverage } | undefined;
  return async (modelVersion: StoredModelVersion | undefined): Promise<CatalogueCoverage> => {
    const counts = await embeddings.counts(modelVersion);
    const key = `${modelVersion?.id} ${counts.total} ${counts.ready}`;
    const isFresh = kept && performance.now() < kept.until && counts.total > MAX_CELLS;
    if (kept && (kept.key === key || isFresh)) return { counts, runs: kept.coverage.runs };
    const startedAt = performance.now();
    const coverage = { counts, runs: await embeddings.countByRun(MAX_CELLS, modelVersion) };
    const now = performance.now();
    kept = { until: now + Math.max(LEAST_KEPT_MS, (now - startedAt) * KEPT_FOR_TIMES), key, coverage };
    return coverage;
  };
}

const shadeOf = ({ total, ready }: { readonly total: number; readonly ready: number }) =>
  ready === 0 ? 0 : Math.max(1, Math.round((SHADES * ready) / total));

/** `#coverage`: updated cell by cell when something is indexed. */
export const CoverageStrip = ({ words, coverage }: { words: Words; coverage: CatalogueCoverage }) => {
  const { counts, runs } = coverage;
  const perCell = runs[0]?.total ?? 1;
  return (
    <div id="coverage" class="coverage">
      <p>
        <strong data-ready={counts.ready}>{words.list.coverage(counts.ready, counts.total)}</strong>{' '}
        <span class="note">
          {[
            ...(counts.ready === 0 ? [words.list.lazily] : []),
            ...(perCell > 1 ? [words.list.perCell(perCell)] : []),
          ].join(' ')}
        </span>
      </p>
      <div
        class="strip"
        role="progressbar"
        aria-label={words.list.coverageLabel}
        aria-valuemin={0}
        aria-valuemax={counts.total}
        aria-valuenow={counts.ready}
      >
        {runs.map((run) => (
          <i class={`s${shadeOf(run)}`} />
        ))}
      </div>
    </div>
  );
};
