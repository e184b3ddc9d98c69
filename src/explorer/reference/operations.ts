/** The operations of the OpenAPI document, each with a request that can be pasted into a terminal. */
import { toCurl } from '../api-drawer.tsx';

/** The parts of the document that are read. */
export interface ApiDescription {
  /** In the order in which their operations are shown. */
  readonly tags?: readonly { readonly name: string }[] | undefined;
  readonly paths?: Readonly<Record<string, object>> | undefined;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> } | undefined;
}

export interface Operation {
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly needsKey: boolean;
  readonly curl: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: string | number;
  readonly schema?: { readonly example?: string | number };
}

interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
}

interface DescribedOperation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const exampleOf = ({ example, schema }: Parameter) => String(example ?? schema?.example ?? 1);

function pathOf(path: string, parameters: readonly Parameter[]): string {
  let filled = path;
  const query = new URLSearchParams();
  for (const parameter of parameters) {
    if (parameter.in === 'path') filled = filled.replace(`{${parameter.name}}`, exampleOf(parameter));
    else if (parameter.in === 'query' && parameter.required) query.set(parameter.name, exampleOf(parameter));
  }
  return query.size > 0 ? `${filled}?${query.toString()}` : filled;
}

function bodyOf({ requestBody }: DescribedOperation, { components }: ApiDescription): unknown {
  const content = Object.entries(requestBody?.content ?? {}).find(
    ([type]) => type.endsWith('json') && !type.endsWith('ndjson'),
  );
  const schema = content?.[1].schema;
  const name = schema?.$ref?.split('/').at(-1);
  const resolved = name === undefined ? schema : components?.schemas?.[name];
  return resolved?.example;
}

/** `origin`: scheme and host of the commands. */
export function describeOperations(api: ApiDescription, origin: string): Operation[] {
  const order = (api.tags ?? []).map(({ name }) => name);
  const operations = Object.entries(api.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Partial<Record<string, DescribedOperation>>)[method];
      if (!operation) return [];
      const request = { path: pathOf(path, operation.parameters ?? []), body: bodyOf(operation, api) };
      return {
        tag: operation.tags?.[0] ?? '',
        method: method.toUpperCase(),
        path,
        summary: operation.summary ?? '',
        needsKey: (operation.security ?? []).length > 0,
        curl: toCurl(origin, { method: method.toUpperCase(), ...request }),
      };
    }),
  );
  return operations.toSorted((one, other) => order.indexOf(one.tag) - order.indexOf(other.tag));
}
