/** Every route that the application has, documented or not. */
import { createApp, type AppDependencies } from '../../src/app.ts';

const pass = async (_c: unknown, next: () => Promise<void>) => next();

/** As `get /restaurants/{id}`. The handlers are not run: nothing that they need is there. */
export function allRoutes(): string[] {
  const app = createApp({
    config: {
      apiKeyDigests: [],
      corsOrigins: [],
      hasExplorer: true,
      maxBodyBytes: 1_024,
      metricsPort: 0,
      trustProxy: 'none',
    },
    log: {},
    metrics: { middleware: pass },
  } as unknown as AppDependencies);
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  return [...new Set(routes)];
}
