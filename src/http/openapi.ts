/** The OpenAPI 3.1 document, made from the routes themselves. */
import type { OpenAPIHono } from '@hono/zod-openapi';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const anyOtherProblem = {
  description:
    'Any other problem: 403 and 421 (a page of another origin, another host name; only while no key is set), 405 (method), 429 (more requests than RATE_LIMIT allows; see Retry-After), ' +
    '503 (overload), 507 (disk full)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** To be called when all routes are there. */
export function describeApi(app: OpenAPIHono, version: string): OpenApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'One of the keys in `API_KEY`. Without keys the service listens on loopback and needs none.',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'TasteMatch',
      version,
      description:
        'A restaurant catalogue that embeds lazily: restaurants go in without vectors, the first read of one makes ' +
        'its vector, every later read finds it. Similarity, recommendations and search work on what is embedded, ' +
        'say how much that is (`coverage`), and embed what is missing within a time budget.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/', description: 'The service that answers this' }],
    security: [],
    tags: [
      { name: 'Restaurants', description: 'The catalogue' },
      { name: 'Similarity', description: 'Ranking by vectors and by words' },
      { name: 'Embeddings', description: 'How far the catalogue is embedded' },
      { name: 'Model', description: 'The process that holds the model' },
      { name: 'Operation', description: 'Health, metrics, events' },
    ],
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (operation?.responses) operation.responses['default'] = anyOtherProblem;
    }
  }
  return document;
}
