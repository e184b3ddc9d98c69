/** GET /openapi.json. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describeApi, type OpenApiDocument } from '../contract/openapi.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

/** Returns the document. It describes the routes that have been added by the first request for it. */
export function addDocumentationRoutes(
  app: OpenAPIHono,
  version: string,
  { compress }: Pick<RoutePolicies, 'compress'>,
): () => OpenApiDocument {
  let document: OpenApiDocument | undefined;
  const describe = () => (document ??= describeApi(app, version));
  app.get('/openapi.json', compress, (c) => c.json(describe()));
  return describe;
}
