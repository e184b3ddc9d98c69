/** The OpenAPI document in the repository, and validation against its schemas. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { repository } from './service.ts';

interface Content {
  readonly schema?: object;
  readonly example?: unknown;
}

interface Parameter {
  readonly in: 'query' | 'path' | 'header';
  readonly name: string;
  readonly schema: { readonly pattern?: string };
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export const apiDocument = async (): Promise<ApiDocument> =>
  JSON.parse(await readFile(join(repository, 'openapi.json'), 'utf8')) as ApiDocument;

export const operations = (document: ApiDocument) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const absolute = (schema: object) =>
  JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components', '"https://tastematch.test/openapi.json#/components'),
  ) as object;

/** Gives a function that says what is wrong with a value, or undefined. */
export function createValidator(
  document: ApiDocument,
): (schema: object, value: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'https://tastematch.test/openapi.json', components: document.components });
  return (schema, value) => {
    const check = ajv.compile(absolute(schema));
    return check(value) ? undefined : ajv.errorsText(check.errors);
  };
}
