/** The explorer: pages for people, and the fragments that their modules exchange. Nothing here embeds by itself. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { Backfill } from '../embedding/backfill.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import type { MemoryControl } from '../embedding/memory-control.ts';
import type { Admission } from '../http/admission.ts';
import { withRestaurants } from '../http/ranked-answers.ts';
import type { ReadLatency } from '../http/read-latency.ts';
import { presentRestaurant } from '../http/restaurant-presenter.ts';
import { recommend, type RecommendDependencies } from '../similarity/recommend.ts';
import type { SearchDependencies } from '../similarity/search.ts';
import { findSimilar } from '../similarity/similar.ts';
import { Layout } from './layout.tsx';
import { createListResults, readListQuery } from './list-results.ts';
import { ListPage, Results } from './list-page.tsx';
import { MachinePage, MachinePanels, type MachineState } from './machine-page.tsx';
import { MapPage } from './map-page.tsx';
import { RecommendationsPage, RecommendedList } from './recommendations-page.tsx';
import { RestaurantPage, SimilarList } from './restaurant-page.tsx';
import { sharedWords } from './shared-words.ts';

export interface PageDependencies extends RecommendDependencies, SearchDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly embedder: Embedder;
  readonly backfill: Backfill;
  readonly memory: MemoryControl;
  readonly admission: Pick<Admission, 'enter'>;
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  readonly modelName: string;
}

const SIMILAR = 6;
const RECOMMENDED = 9;
const MAX_TASTES = 200;

export function addPages(app: OpenAPIHono, dependencies: PageDependencies): void {
  const { restaurants, embedding } = dependencies;
  const listResults = createListResults(dependencies);

  app.get('/', async (c) => {
    const query = readListQuery(c.req.query());
    const [results, cuisines] = await Promise.all([listResults(query), restaurants.cuisines(MAX_CUISINES)]);
    return page(c, <ListPage query={query} cuisines={cuisines} results={results} />);
  });
  app.get('/explore/results', async (c) =>
    fragment(c, <Results results={await listResults(readListQuery(c.req.query()))} />),
  );

  app.get('/explore/restaurants/:id', async (c) => {
    const restaurant = await find(c.req.param('id'));
    if (!restaurant) return page(c, <NotFound />, 404);
    return page(c, <RestaurantPage restaurant={presentRestaurant(restaurant, embedding)} />);
  });
  app.get('/explore/restaurants/:id/similar', async (c) => {
    const restaurant = await find(c.req.param('id'));
    if (!restaurant) return fragment(c, <p>There is no such restaurant.</p>, 404);
    const { neighbours, ...rest } = await findSimilar(dependencies, restaurant.id, {
      filters: {},
      limit: SIMILAR,
    });
    const items = await withRestaurants(dependencies, neighbours, (other, { score }) => ({
      restaurant: other,
      score,
      sharedWords: sharedWords(restaurant, other),
      hasSameCuisine: other.cuisineType !== null && other.cuisineType === restaurant.cuisineType,
    }));
    return fragment(c, <SimilarList items={items} {...rest} />);
  });

  app.get('/explore/recommendations', (c) => page(c, <RecommendationsPage />));
  app.get('/explore/recommendations/results', async (c) => {
    // What has been deleted since it was liked is left out: a browser may remember it for long.
    const likes = await existing(c.req.queries('like'));
    const dislikes = await existing(c.req.queries('dislike'));
    const request = { likes: likes.map((id) => ({ id })), dislikes, filters: {}, limit: RECOMMENDED };
    const { items: hits, ...rest } = await recommend(dependencies, request);
    const items = await withRestaurants(dependencies, hits, (restaurant, { score }) => ({
      restaurant,
      score,
    }));
    return fragment(c, <RecommendedList items={items} {...rest} />);
  });

  app.get('/explore/map', (c) => page(c, <MapPage />));

  app.get('/explore/machine', async (c) => page(c, <MachinePage state={await machineState(dependencies)} />));
  app.get('/explore/machine/state', async (c) =>
    fragment(c, <MachinePanels state={await machineState(dependencies)} />),
  );

  const find = async (id: string) => (/^[1-9]\d{0,14}$/.test(id) ? restaurants.find(Number(id)) : undefined);
  const existing = async (ids: readonly string[] = []) => {
    const wanted = ids.filter((id) => /^[1-9]\d{0,14}$/.test(id)).slice(0, MAX_TASTES);
    return (await restaurants.findMany(wanted.map(Number))).map(({ id }) => id);
  };
}

const MAX_CUISINES = 100;

async function machineState(dependencies: PageDependencies): Promise<MachineState> {
  const { embeddings, embedder, memory, readLatency, backfill, modelName } = dependencies;
  return {
    modelName,
    counts: await embeddings.counts(),
    model: embedder.status(),
    memory: memory.status(),
    reads: readLatency.summary(),
    backfill: await backfill.progress(),
  };
}

const NotFound = () => (
  <Layout title="Not found" current="">
    <h1>There is no such restaurant</h1>
    <p>
      <a href="/">All restaurants</a>
    </p>
  </Layout>
);

type Content = HtmlEscapedString | Promise<HtmlEscapedString>;

function page(c: Context, content: Content, status: 200 | 404 = 200) {
  return c.html(html`<!doctype html>${content}`, status, { 'Cache-Control': 'no-store' });
}

function fragment(c: Context, content: Content, status: 200 | 404 = 200) {
  return c.html(content, status, { 'Cache-Control': 'no-store' });
}
