/** The explorer: pages for people, and the fragments that their modules exchange. Nothing here embeds by itself. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { CatalogError } from '../catalog/catalog-error.ts';
import type { RestaurantStore } from '../catalog/restaurant-store.ts';
import type { Backfill } from '../embedding/backfill/backfill.ts';
import type { LazyEmbedding } from '../embedding/embed-on-demand.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { EmbeddingStore } from '../embedding/embedding-store.ts';
import type { MemoryControl } from '../memory/memory-status.ts';
import type { RoutePolicies } from '../http/middleware/route-policies.ts';
import { withRestaurants } from '../http/routes/ranked-answers.ts';
import type { ReadLatency } from '../telemetry/read-latency.ts';
import { presentRestaurant } from '../http/routes/present-restaurant.ts';
import { recommend, type RecommendDependencies } from '../search/recommend.ts';
import type { SearchDependencies } from '../search/search.ts';
import { findSimilar } from '../search/find-similar.ts';
import { Layout } from './layout.tsx';
import { createListResults, readListQuery } from './list-results.ts';
import { ListPage, Lit, Results } from './list-page.tsx';
import { MachinePage, MachinePanels, type MachineState } from './machine-page.tsx';
import { MapPage } from './map-page.tsx';
import { RecommendationsPage, RecommendedList } from './recommendations-page.tsx';
import { RestaurantPage, SimilarList } from './restaurant-page.tsx';
import { sharedWords } from '../search/shared-words.ts';

export interface PageDependencies extends RecommendDependencies, SearchDependencies {
  readonly restaurants: RestaurantStore;
  readonly embeddings: EmbeddingStore;
  readonly embedding: LazyEmbedding;
  readonly embedder: Embedder;
  readonly backfill: Backfill;
  readonly memory: MemoryControl;
  readonly policies: RoutePolicies;
  readonly readLatency: Pick<ReadLatency, 'summary'>;
  readonly modelName: string;
}

const SIMILAR = 6;
const RECOMMENDED = 9;
const MAX_TASTES = 200;

export function addPages(app: OpenAPIHono, dependencies: PageDependencies): void {
  const { restaurants, embeddings, embedding, currentModel, policies } = dependencies;
  const listResults = createListResults({ ...dependencies, admission: policies.vectors });
  app.use('/', policies.compress);
  app.use('/explore/*', policies.compress);

  app.get('/', async (c) => {
    const query = readListQuery(c.req.query());
    const [results, cuisines, counts] = await Promise.all([
      listResults(query),
      restaurants.cuisines(MAX_CUISINES),
      embeddings.counts(currentModel.version()),
    ]);
    return page(c, <ListPage query={query} cuisines={cuisines} counts={counts} results={results} />);
  });
  app.get('/explore/results', async (c) =>
    fragment(c, 'Restaurants', <Results results={await listResults(readListQuery(c.req.query()))} />),
  );
  app.get('/explore/lit', async (c) =>
    fragment(c, 'Coverage', <Lit counts={await embeddings.counts(currentModel.version())} />),
  );

  app.get('/explore/restaurants/:id', async (c) => {
    const restaurant = await find(c.req.param('id'));
    if (!restaurant) throw noSuchRestaurant();
    return page(c, <RestaurantPage restaurant={presentRestaurant(restaurant, embedding)} />);
  });
  app.get('/explore/restaurants/:id/similar', policies.vectors.middleware, async (c) => {
    const restaurant = await find(c.req.param('id'));
    if (!restaurant) throw noSuchRestaurant();
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
    return fragment(c, `Similar to ${restaurant.name}`, <SimilarList items={items} {...rest} />);
  });

  app.get('/explore/recommendations', (c) => page(c, <RecommendationsPage />));
  app.get('/explore/recommendations/results', policies.vectors.middleware, async (c) => {
    // What has been deleted since it was liked is left out: a browser may remember it for long.
    const likes = await existing(c.req.queries('like'));
    const dislikes = await existing(c.req.queries('dislike'));
    const request = { likes: likes.map((id) => ({ id })), dislikes, filters: {}, limit: RECOMMENDED };
    const { items: hits, ...rest } = await recommend(dependencies, request);
    const items = await withRestaurants(dependencies, hits, (restaurant, { score }) => ({
      restaurant,
      score,
    }));
    return fragment(c, 'Recommended', <RecommendedList items={items} {...rest} />);
  });

  app.get('/explore/map', (c) => page(c, <MapPage />));

  app.get('/explore/machine', async (c) => page(c, <MachinePage state={await machineState(dependencies)} />));
  app.get('/explore/machine/state', async (c) =>
    fragment(c, 'The machine', <MachinePanels state={await machineState(dependencies)} />),
  );

  const find = async (id: string) =>
    isId(id) ? restaurants.find(Number(id), currentModel.version()) : undefined;
  const existing = async (ids: readonly string[] = []) => {
    const wanted = ids.filter(isId).slice(0, MAX_TASTES);
    return (await restaurants.findMany(wanted.map(Number), currentModel.version())).map(({ id }) => id);
  };
}

const MAX_CUISINES = 100;

const isId = (text: string) => /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));

async function machineState(dependencies: PageDependencies): Promise<MachineState> {
  const { embeddings, currentModel, embedder, memory, readLatency, backfill, modelName } = dependencies;
  return {
    modelName,
    counts: await embeddings.counts(currentModel.version()),
    model: embedder.status(),
    memory: memory.status(),
    reads: readLatency.summary(),
    backfill: await backfill.progress(),
  };
}

const noSuchRestaurant = () => new CatalogError('not-found', 'There is no such restaurant.');

type Content = HtmlEscapedString | Promise<HtmlEscapedString>;

function page(c: Context, content: Content) {
  return c.html(html`<!doctype html>${content}`, 200, { 'Cache-Control': 'no-store' });
}

/** The modules get the bare part, and ask for it with X-Fragment; a link without them leads to a page of its own. */
function fragment(c: Context, title: string, content: Content) {
  if (c.req.header('x-fragment')) return c.html(content, 200, { 'Cache-Control': 'no-store' });
  return page(
    c,
    <Layout title={title} current="">
      <h1>{title}</h1>
      {content}
    </Layout>,
  );
}
