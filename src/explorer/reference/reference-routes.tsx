/** `/docs`: the API reference, from this origin alone. */
import type { Hono } from 'hono';
import { sendPage } from '../send-page.ts';
import { readView } from '../view.ts';
import { describeOperations, type ApiDescription } from './operations.ts';
import { ReferencePage } from './reference-page.tsx';
import { sendSwaggerFile, swaggerFiles, swaggerKilobytes } from '../swagger-files.ts';

export interface ReferenceDependencies {
  /** The OpenAPI document of all routes. */
  readonly describeApi: () => ApiDescription;
}

export function addReferenceRoutes(app: Hono, { describeApi }: ReferenceDependencies): void {
  app.get('/docs', async (c) => {
    const view = readView(c);
    const operations = describeOperations(describeApi(), view.origin);
    return sendPage(
      c,
      <ReferencePage view={view} operations={operations} swaggerKilobytes={await swaggerKilobytes()} />,
    );
  });
  for (const name of swaggerFiles) app.get(`/docs/${name}`, (c) => sendSwaggerFile(c, name));
}
