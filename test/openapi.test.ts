/** The OpenAPI document: the file is up to date, its examples are true, a generated client compiles. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  apiDocument,
  createValidator,
  exampleBody,
  exampleParameters,
  operations,
} from './support/openapi.ts';
import { repository, startService, temporaryFolder } from './support/service.ts';

const run = promisify(execFile);
const bin = (name: string) => join(repository, 'node_modules/.bin', name);

test('openapi.json in the repository is what the service serves (npm run openapi writes it)', async (t) => {
  const service = await startService(t);
  assert.deepEqual((await service.get('/openapi.json')).body, await apiDocument());
});

test('every operation has an id, a summary, a tag, and problem answers with their schema', async () => {
  const document = await apiDocument();
  const ids = operations(document).map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const { operation } of operations(document)) {
    assert.ok(operation.summary && operation.tags?.length === 1, operation.operationId);
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status !== 'default' && Number(status) < 400) continue;
      const content = response.content?.['application/problem+json'];
      assert.deepEqual(
        content?.schema,
        { $ref: '#/components/schemas/Problem' },
        `${operation.operationId} ${status}`,
      );
    }
  }
});

test('every list has its rows in `items`, and the cursor of the next page in `nextCursor`', async () => {
  const document = await apiDocument();
  const { schemas } = document.components;
  interface Answer {
    readonly $ref?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  }
  const resolved = (schema: Answer): Answer => schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
  // A report and a drawing, which nobody pages through.
  const others = new Set(['importRestaurants', 'getMap']);
  const lists = operations(document).flatMap(({ operation: { operationId, parameters = [], responses } }) => {
    const schema = responses['200']?.content?.['application/json']?.schema;
    const { required = [], properties = {} } = schema ? resolved(schema) : {};
    if (others.has(operationId) || !Object.values(properties).some(({ type }) => type === 'array')) return [];
    assert.equal(properties['items']?.type, 'array', operationId);
    assert.ok(required.includes('items'), operationId);
    const isPaged = parameters.some(({ name }) => name === 'cursor' || name === 'since');
    assert.equal(required.includes('nextCursor'), isPaged, operationId);
    return operationId;
  });
  assert.deepEqual(lists.toSorted(), [
    'findSimilarRestaurants',
    'listChanges',
    'listEmbeddingFailures',
    'listRestaurants',
    'recommendRestaurants',
    'searchRestaurants',
    'suggest',
  ]);
});

test('every example is valid against its schema', async () => {
  const document = await apiDocument();
  const validate = createValidator(document);
  let examples = 0;
  const walk = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { example, schema } = node as { example?: unknown; schema?: object };
    if (example !== undefined) {
      examples += 1;
      const { example: _own, ...own } = node as Record<string, unknown>;
      const problems = validate(schema ?? own, example);
      assert.equal(problems, undefined, `${at}: ${problems}`);
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'example') walk(value, `${at}/${key}`);
  };
  walk(document, '#');
  const { Restaurant } = document.components.schemas as { Restaurant: { example: object } };
  assert.match(validate(Restaurant, { ...Restaurant.example, stars: 3 }) ?? '', /must NOT have unevaluated/);
  assert.ok(examples > 25, `${examples} examples`);
});

test('the documentation page is served from our own origin', async (t) => {
  const service = await startService(t);
  const page = await service.get('/docs');
  assert.equal(page.status, 200);
  const links = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
  assert.ok(links.length >= 4 && links.every((link) => /^(\/(?!\/)|#main$)/.test(link)));
  for (const link of [...links, '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])
    assert.equal((await service.get(link)).status, 200, link);
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self';/);
});

test('a client generated from the file compiles against a program that uses every route with its parameters and bodies', async (t) => {
  const folder = await temporaryFolder(t);
  await run(bin('openapi-typescript'), [
    join(repository, 'openapi.json'),
    '--output',
    join(folder, 'api.ts'),
  ]);
  const document = await apiDocument();
  const uses = operations(document).flatMap(({ path, method, operation }, index) => {
    const type = `paths[${JSON.stringify(path)}][${JSON.stringify(method)}]`;
    const parameters = JSON.stringify(exampleParameters(operation));
    const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
      ([mediaType, content], number) =>
        `export const body${index}_${number}: NonNullable<${type}['requestBody']>['content'][${JSON.stringify(mediaType)}] = ` +
        `${JSON.stringify(exampleBody(document, content))};`,
    );
    return [
      `export const answer${index} = (answer: ${type}['responses']) => answer;`,
      ...(operation.parameters ? [`export const given${index}: ${type}['parameters'] = ${parameters};`] : []),
      ...bodies,
    ];
  });
  await writeFile(
    join(folder, 'program.ts'),
    `import type { components, operations, paths } from './api.ts';
${uses.join('\n')}
type Read = operations['getRestaurant']['responses'][200]['content']['application/json'];
export const isReady = ({ embedding }: Read): boolean => embedding.status === 'ready';
export const names = (page: components['schemas']['RestaurantPage']): string[] => page.items.map(({ name }) => name);
export const body: components['schemas']['RestaurantFields'] = { name: 'Casa', priceLevel: 2 };
// @ts-expect-error A restaurant has no stars: were the types lost, this line would compile.
export const stars = ({ stars }: Read) => stars;
`,
  );
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const options = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--noEmit',
    '--allowImportingTsExtensions',
  ];
  await run(bin('tsc'), [...options, '--types', '', 'program.ts'], { cwd: folder });
});
