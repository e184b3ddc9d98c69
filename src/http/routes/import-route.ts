/** POST /restaurants/import: a whole catalogue, as a stream. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { importRestaurants, type ImportStore } from '../../transfer/import-restaurants.ts';
import { isKnownCharset } from '../../transfer/formats/decode-text.ts';
import { unknownFieldPolicies, type ImportFormat } from '../../transfer/formats/import-source.ts';
import { readImport } from '../../transfer/formats/read-import.ts';
import { Problem } from '../contract/problem.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import { wrongMethod } from '../middleware/every-request.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const count = z.int().min(0);
const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .default('false')
  .transform((value) => value === 'true');
const security = [{ apiKey: [] }];

const ndjson = z.string().openapi({ example: '{"externalId":"bh-1","name":"Casa da Serra"}\n' });
/** A plain schema, as the router would read a body with a zod schema completely. */
const array = {
  type: 'array',
  items: { type: 'object', additionalProperties: true },
  example: [{ externalId: 'bh-1', name: 'Casa da Serra' }],
} as const;
const table = z.string().openapi({ example: 'external_id,name,price_level\nbh-1,Casa da Serra,$$\n' });

const tabbed = z.string().openapi({ example: 'external_id\tname\nbh-1\tCasa da Serra\n' });

const importRoute = createRoute({
  method: 'post',
  path: '/restaurants/import',
  operationId: 'importRestaurants',
  tags: ['Restaurants'],
  summary: 'Import a catalogue (NDJSON, JSON, CSV or TSV), without embedding it',
  description:
    'Rows are matched by `id`, otherwise by `externalId`, otherwise by equal fields; fields that a line does not ' +
    'contain keep their value. Valid lines are stored, invalid ones are listed with their line number. An import ' +
    'can be repeated. `application/octet-stream` is accepted as well: its format is detected from the first character.',
  security,
  request: {
    query: z.strictObject({
      skipExisting: flag.openapi({ description: 'Leave existing rows unchanged.' }),
      dryRun: flag.openapi({ description: 'Report what would happen; store nothing.' }),
      batchSize: z.coerce
        .number()
        .pipe(z.int().min(1).max(1_000))
        .default(200)
        .openapi({ type: 'integer', minimum: 1, maximum: 1_000, description: 'Rows per transaction.' }),
      unknownFields: z
        .enum(unknownFieldPolicies, { error: 'must be refuse, ignore or store' })
        .default('refuse')
        .openapi({
          description:
            'Fields or columns that a restaurant does not have: reject them, leave them out, or store them under `attributes`.',
        }),
      returnIds: flag.openapi({
        description: 'List the id of every stored or existing row, the first 100,000.',
      }),
    }),
    body: {
      required: true,
      content: {
        'application/x-ndjson': { schema: ndjson },
        'application/json': { schema: array },
        'text/csv': { schema: table },
        'text/tab-separated-values': { schema: tabbed },
      },
    },
  },
  responses: {
    200: {
      description: 'What was done with the lines',
      content: {
        'application/json': {
          schema: z
            .object({
              created: count,
              updated: count,
              unchanged: count,
              skipped: count,
              failed: count,
              errors: z
                .array(z.object({ line: count, code: z.string(), detail: z.string() }))
                .openapi({ description: 'The first 100.' }),
              ids: z
                .array(z.object({ line: count, id: count }))
                .optional()
                .openapi({ description: 'With `returnIds`, in the order of the lines.' }),
            })
            .openapi('ImportReport'),
        },
      },
    },
    400: problems[400],
    401: problems[401],
    415: problems[415],
  },
});

/** Undefined: detected from the first character. */
const formats: readonly (readonly [RegExp, ImportFormat | undefined])[] = [
  [/^application\/octet-stream$/i, undefined],
  [/^application\/(x-)?(nd|json)-?(json|lines)$/i, 'ndjson'],
  [/^application\/json$/i, 'json'],
  [/^text\/csv$/i, 'csv'],
  [/^text\/tab-separated-values$/i, 'tsv'],
];

/** The format and charset that a Content-Type names. Throws `unsupported-media-type`. */
function readContentType(header: string): {
  readonly format: ImportFormat | undefined;
  readonly charset: string;
} {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const known = formats.find(([pattern]) => pattern.test(type));
  if (!known) {
    throw new Problem(
      'unsupported-media-type',
      'Send the file as application/x-ndjson, application/json (an array), text/csv, text/tab-separated-values, or application/octet-stream.',
    );
  }
  const named = parameters.map((parameter) => /^charset="?([^"]*)"?$/i.exec(parameter)?.[1]).find(Boolean);
  const charset = named ?? 'utf-8';
  if (isKnownCharset(charset)) return { format: known[1], charset };
  throw new Problem(
    'unsupported-media-type',
    'The charset in Content-Type is not known; utf-8, windows-1252 are.',
  );
}

export interface ImportDependencies {
  readonly imports: ImportStore;
  readonly policies: RoutePolicies;
}

export function addImportRoute(router: OpenAPIHono, { imports, policies }: ImportDependencies) {
  // The body is read as a stream, in bounded memory, so its size is not limited.
  const routes = router.openapi(withPolicies(importRoute, policies.requireKey), async (c) => {
    const options = c.req.valid('query');
    const type = readContentType(c.req.header('content-type') ?? '');
    const bytes = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (own) => own.close() });
    const lines = readImport({ bytes, ...type, unknownFields: options.unknownFields });
    const { errors, ids, ...counts } = await importRestaurants(imports, lines, options);
    return c.json({ ...counts, errors: [...errors], ...(ids && { ids: [...ids] }) }, 200);
  });
  // Other methods would otherwise match /restaurants/:id.
  router.all('/restaurants/import', (c) => {
    throw wrongMethod(c.req.method, 'POST');
  });
  return routes;
}
