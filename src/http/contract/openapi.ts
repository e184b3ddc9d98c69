/** The OpenAPI 3.1 document, made from the routes themselves. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { probePaths } from './probe-paths.ts';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** Sent with every answer, or where a limit is set. */
const commonHeaders = {
  'X-Request-Id': {
    description:
      'The id of this request in the log, and in problems: the one that it was sent with, or a new one.',
    required: true,
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'Where RATE_LIMIT is set: what is left of it, and the seconds until it is whole again.',
    schema: { type: 'string', example: 'limit=600, remaining=599, reset=60' },
  },
  'RateLimit-Policy': {
    description: 'Where RATE_LIMIT is set: requests a window, and its seconds.',
    schema: { type: 'string', example: '600;w=60' },
  },
} as const;
const references = Object.fromEntries(
  Object.keys(commonHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

const anyOtherProblem = {
  description:
    'Any other problem: 403 and 421 (a page of another origin, another host name; only while no key is set), 405 (method), 429 (more requests than RATE_LIMIT allows; see Retry-After), ' +
    '503 (overload), 507 (disk full)',
  headers: {
    Allow: { description: 'With 405: the methods of this path.', schema: { type: 'string' } },
    'Retry-After': { description: 'With 429 and 503: seconds to wait.', schema: { type: 'string' } },
  },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
} as const;

type PathItem = NonNullable<OpenApiDocument['paths']>[string];
type WithHeaders = { readonly headers?: object };

/** To be called when all routes are there. */
export function describeApi(app: OpenAPIHono, version: string): OpenApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'One of the keys in `API_KEY`. Without keys the service listens on loopback and needs none.',
  });
  for (const [name, header] of Object.entries(commonHeaders)) {
    app.openAPIRegistry.registerComponent('headers', name, header);
  }
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
  for (const [name, path] of Object.entries<PathItem>(document.paths ?? {})) {
    const shared = probePaths.has(name) ? { 'X-Request-Id': references['X-Request-Id'] } : references;
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (!operation?.responses) continue;
      operation.responses['default'] = anyOtherProblem;
      for (const [status, response] of Object.entries<WithHeaders>(operation.responses)) {
        operation.responses[status] = { ...response, headers: { ...response.headers, ...shared } };
      }
    }
  }
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    if ('properties' in schema) describeDefaults(schema);
  }
  return document;
}

interface DescribedProperty {
  default?: unknown;
  description?: string;
}

/** Generators take a property with a default for one that is required: defaults are told in the description. */
function describeDefaults({ properties = {} }: { properties?: Record<string, object> }): void {
  for (const property of Object.values<DescribedProperty>(properties)) {
    const { default: fallback, description } = property;
    delete property.default;
    if (fallback === undefined || fallback === null) continue;
    const told = `Default: ${JSON.stringify(fallback)}.`;
    property.description = description === undefined ? told : `${description} ${told}`;
  }
}
