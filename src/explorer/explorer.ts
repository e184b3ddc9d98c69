/** The explorer: server-rendered pages, and small browser modules that replace parts of them. */
import { Hono } from 'hono';
import { Problem } from '../http/contract/problem.ts';
import { addAssets } from './assets.ts';
import { addForYouRoutes, type ForYouDependencies } from './for-you/for-you-routes.tsx';
import { addListRoutes, type ListDependencies } from './list/list-routes.tsx';
import { addMachineRoutes } from './machine/machine-routes.tsx';
import type { MachineDependencies } from './machine/machine-state.ts';
import { addMapRoutes, type MapDependencies } from './map/map-routes.tsx';
import { addReferenceRoutes, type ReferenceDependencies } from './reference/reference-routes.tsx';
import { addRestaurantRoutes, type RestaurantDependencies } from './restaurant/restaurant-routes.tsx';

export type ExplorerDependencies = ListDependencies &
  RestaurantDependencies &
  ForYouDependencies &
  MapDependencies &
  MachineDependencies &
  ReferenceDependencies;

/** Errors are thrown through to the application that the explorer is mounted in. */
export function createExplorer(dependencies: ExplorerDependencies): Hono {
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  app.notFound((c) => {
    throw new Problem('path-not-found', `There is nothing at ${c.req.path}.`);
  });
  app.get('/explore', (c) => c.redirect('/', 302));
  addListRoutes(app, dependencies);
  addRestaurantRoutes(app, dependencies);
  addForYouRoutes(app, dependencies);
  addMapRoutes(app, dependencies);
  addMachineRoutes(app, dependencies);
  addReferenceRoutes(app, dependencies);
  addAssets(app);
  return app;
}
