/** Mounts the explorer, which is loaded by the first request for a page. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Hono } from 'hono';
import type { ExplorerDependencies } from './explorer.ts';

export type { ExplorerDependencies } from './explorer.ts';

const pages = ['/', '/explore', '/explore/*', '/assets/*', '/docs', '/docs/*'];

export function mountExplorer(app: OpenAPIHono, dependencies: ExplorerDependencies): void {
  const { compress, readBody } = dependencies.policies;
  let explorer: Promise<Hono> | undefined;
  const answer = async (c: Context) => {
    explorer ??= import('./explorer.ts').then(({ createExplorer }) => createExplorer(dependencies));
    return (await explorer).fetch(c.req.raw, c.env as object);
  };
  for (const path of pages) app.get(path, compress, answer);
  app.post('/explore/restaurants/:id/index', readBody, answer);
}

/** Navigation by a browser gets problems as a page; parts of pages and programs get them as JSON. */
export async function showProblem(c: Context, given: Response | Promise<Response>): Promise<Response> {
  const response = await given;
  const wantsPage = c.req.header('accept')?.includes('text/html') && !c.req.header('x-parts');
  if (!wantsPage || response.headers.get('content-type') !== 'application/problem+json') return response;
  const { toProblemPage } = await import('./problem-page.tsx');
  return toProblemPage(c, response);
}

/** A crawler would index the whole catalogue and keep the machine awake, so only the first page is allowed. */
const ROBOTS = 'User-agent: *\nAllow: /$\nDisallow: /\n';

export function addRobots(app: OpenAPIHono): void {
  app.get('/robots.txt', (c) => c.text(ROBOTS, 200, { 'Cache-Control': 'public, max-age=86400' }));
}
