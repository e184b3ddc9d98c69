/** A problem as a page, for browsers. */
import type { Context } from 'hono';
import { CatalogError } from '../catalog/catalog-error.ts';
import { html } from 'hono/html';
import { Layout } from './layout.tsx';
import type { Words } from './languages/words.ts';
import { readView } from './view.ts';

export const noSuchRestaurant = () => new CatalogError('not-found', 'There is no such restaurant.');

interface Problem {
  readonly code: string;
  readonly status: number;
}

function describe({ problem }: Words, { code, status }: Problem, path: string): readonly [string, string] {
  if (code === 'not-found') return [problem.noRestaurantTitle, problem.noRestaurant];
  if (status === 404 || status === 405) return [problem.notFoundTitle, problem.notFound(path)];
  if (status === 503 || status === 429) return [problem.busyTitle, problem.busy];
  return [problem.failedTitle, problem.failed];
}

/** The explorer's own paths, and every path that does not exist. */
const isPage = (path: string, code: string) =>
  /^\/(explore(\/|$)|docs(\/|$)|$)/.test(path) || code === 'path-not-found';

/** The problem as a page if a browser navigated to a page; otherwise unchanged. */
export async function toProblemPage(c: Context, response: Response): Promise<Response> {
  const problem = (await response.clone().json()) as Problem;
  if (!isPage(c.req.path, problem.code)) return response;
  const view = readView(c);
  const [title, detail] = describe(view.words, problem, c.req.path);
  const headers = new Headers(response.headers);
  headers.set('Content-Type', 'text/html; charset=UTF-8');
  const page = await html`<!doctype html>${(
      <Layout view={view} title={title} current="">
        <h1>{title}</h1>
        <p class="lead">{detail}</p>
        <p>
          <a class="button" href="/">
            {view.words.problem.backHome}
          </a>
        </p>
      </Layout>
    )}`;
  return new Response(String(page), { status: response.status, headers });
}
