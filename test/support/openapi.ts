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

interface ParameterSchema {
  readonly type?: string;
  readonly pattern?: string;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: ParameterSchema;
}

interface Parameter {
  readonly in: 'query' | 'path' | 'header';
  readonly name: string;
  readonly schema: ParameterSchema;
}

interface Header {
  readonly $ref?: string;
  readonly required?: boolean;
}

export interface DocumentedResponse {
  readonly content?: Readonly<Record<string, Content>>;
  readonly headers?: Readonly<Record<string, Header>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
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

type Schema = Readonly<Record<string, unknown>>;

const resolve = (document: ApiDocument, pointer: string): unknown =>
  pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((node, step) => (node as Schema)[step], document);

/**
 * The schema with its references written out, taking no field that it does not name. `isPart` is one of several that
 * describe an object together.
 */
function closed(document: ApiDocument, schema: Schema, isPart = false): Schema {
  if (typeof schema['$ref'] === 'string') {
    return closed(document, resolve(document, schema['$ref']) as Schema, isPart);
  }
  const each = (value: unknown, part = false) =>
    Array.isArray(value) ? value.map((one) => closed(document, one as Schema, part)) : value;
  const { properties, items, allOf, anyOf, oneOf } = schema;
  const fields = Object.entries((properties ?? {}) as Record<string, Schema>);
  const isObject = properties !== undefined || allOf !== undefined;
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(fields.map(([name, own]) => [name, closed(document, own)])),
    }),
    ...(items !== undefined && { items: closed(document, items as Schema) }),
    ...(allOf !== undefined && { allOf: each(allOf, true) }),
    ...(anyOf !== undefined && { anyOf: each(anyOf) }),
    ...(oneOf !== undefined && { oneOf: each(oneOf) }),
    ...(isObject && !isPart && { unevaluatedProperties: false }),
  };
}

/** Gives a function that says what is wrong with a value, fields that are not documented included, or undefined. */
export function createValidator(
  document: ApiDocument,
): (schema: object, value: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  return (schema, value) => {
    const check = ajv.compile(closed(document, schema as Schema));
    return check(value) ? undefined : ajv.errorsText(check.errors);
  };
}

/** The headers of an answer as they are documented, references written out. */
export const documentedHeaders = (document: ApiDocument, { headers = {} }: DocumentedResponse) =>
  Object.entries(headers).map(([name, header]) => {
    const { required = false } = (header.$ref ? resolve(document, header.$ref) : header) as Header;
    return { name, required };
  });

function exampleOf({ type, example, enum: values, items }: ParameterSchema): unknown {
  if (example !== undefined) return example;
  if (values) return values[0];
  if (type === 'array') return [exampleOf(items ?? {})];
  if (type === 'boolean') return true;
  return type === 'integer' || type === 'number' ? 1 : 'text';
}

/** `{query, path, header}` with a value for every parameter of the operation. */
export function exampleParameters({ parameters = [] }: Operation): object {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const { in: place, name, schema } of parameters) (groups[place] ??= {})[name] = exampleOf(schema);
  return groups;
}

/** The body that the document shows. */
export function exampleBody(document: ApiDocument, { example, schema = {} }: Content): unknown {
  const { $ref } = schema as { $ref?: string };
  const { example: own } = ($ref ? resolve(document, $ref) : schema) as { example?: unknown };
  return example ?? own;
}
