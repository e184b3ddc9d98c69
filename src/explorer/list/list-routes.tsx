/** `/`: the list, and the part of it that changes while the reader types or restaurants are indexed. */
import type { Context, Hono } from 'hono';
import type { EmbeddingStore } from '../../embedding/embedding-store.ts';
import { sendPage, sendParts } from '../send-page.ts';
import { readView } from '../view.ts';
import { createCoverageReader, CoverageStrip } from './coverage-strip.tsx';
import { createFamilyCounter, MAX_CUISINES } from './family-counts.ts';
import { ListChips } from './list-chips.tsx';
import { ListPage, Results } from './list-page.tsx';
import { readListQuery, toFilters } from './list-query.ts';
import { createListResults, type ListResultsDependencies } from './list-results.ts';

export interface ListDependencies extends ListResultsDependencies {
  readonly embeddings: EmbeddingStore;
}

export function addListRoutes(app: Hono, dependencies: ListDependencies): void {
  const { restaurants, embeddings, currentModel } = dependencies;
  const listResults = createListResults(dependencies);
  const readCoverage = createCoverageReader(embeddings);
  const countFamilies = createFamilyCounter(restaurants);

  async function readList(c: Context) {
    const query = readListQuery(new URL(c.req.url).searchParams);
    const cuisines = await restaurants.cuisines(MAX_CUISINES);
    const filters = toFilters(query, cuisines);
    const results = await listResults(query, filters);
    // After the search, which may have indexed some, so that all numbers are of one moment.
    const coverage = await readCoverage(currentModel.version());
    // Typing changes words, not filters.
    const families = query.isTyping
      ? undefined
      : await countFamilies(filters, currentModel.version(), coverage.counts.total);
    return { query, cuisines, filters, results, coverage, families };
  }

  app.get('/', async (c) => {
    const view = readView(c);
    return sendPage(c, <ListPage view={view} {...await readList(c)} />);
  });
  app.get('/explore/results', async (c) => {
    const view = readView(c);
    const list = await readList(c);
    return sendParts(
      c,
      <>
        {list.families && <ListChips view={view} {...list} />}
        <Results view={view} {...list} />
      </>,
    );
  });
  app.get('/explore/coverage', async (c) => {
    const { words } = readView(c);
    return sendParts(
      c,
      <CoverageStrip words={words} coverage={await readCoverage(currentModel.version())} />,
    );
  });
}
