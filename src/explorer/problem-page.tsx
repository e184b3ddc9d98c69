/** A problem as a page, for people who came with a browser. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { Layout } from './layout.tsx';

const ProblemPage = ({ title, detail }: { title: string; detail: string }) => (
  <Layout title={title} current="">
    <h1>{title}</h1>
    <p class="lead">{detail}</p>
    <p>
      <a href="/">All restaurants</a>
    </p>
  </Layout>
);

const isPage = (path: string) => /^\/(explore(\/|$)|$)/.test(path);

/** Gives the same problem as a page when a browser asked for a page; the API's answers stay as they are. */
export async function showProblem(c: Context, answer: Response | Promise<Response>): Promise<Response> {
  const response = await answer;
  const wantsPage = c.req.header('accept')?.includes('text/html') && !c.req.header('x-fragment');
  if (!wantsPage || !isPage(c.req.path)) return response;
  const problem = (await response.json()) as { title: string; detail: string };
  const headers = new Headers(response.headers);
  headers.set('Content-Type', 'text/html; charset=UTF-8');
  const content = await html`<!doctype html>${(<ProblemPage {...problem} />)}`;
  return new Response(String(content), { status: response.status, headers });
}
