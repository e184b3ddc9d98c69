/** GET /openapi.json, and /docs: Swagger UI from our own origin. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describeApi, type OpenApiDocument } from '../contract/openapi.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>TasteMatch API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <meta name="color-scheme" content="light dark" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="stylesheet" href="/assets/docs.css" />
  </head>
  <body>
    <header><a href="/">← Restaurants</a></header>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const startScript = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'list' });
`;

const CACHE = { 'Cache-Control': 'public, max-age=86400' };

/** Added last: the document describes the routes that have been added by the first request for it. */
export function addDocumentationRoutes(
  app: OpenAPIHono,
  version: string,
  { compress }: Pick<RoutePolicies, 'compress'>,
): void {
  let document: OpenApiDocument | undefined;
  app.get('/openapi.json', compress, (c) => {
    document ??= describeApi(app, version);
    return c.json(document);
  });
  app.get('/docs', compress, (c) => c.html(page));
  app.get('/docs/start.js', compress, (c) =>
    c.body(startScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8', ...CACHE }),
  );
  for (const [name, type] of Object.entries(types)) {
    app.get(`/docs/${name}`, compress, async (c) =>
      c.body(await readFile(join(swaggerFolder(), name)), 200, { 'Content-Type': type, ...CACHE }),
    );
  }
}

const swaggerFolder = () => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
