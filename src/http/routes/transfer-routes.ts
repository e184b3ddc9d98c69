/** POST /restaurants/import and GET /restaurants/export: whole catalogues, as streams. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { CurrentModel } from '../../embedding/current-model.ts';
import { exportRestaurants } from '../../transfer/export-restaurants.ts';
import type { ExportStore } from '../../transfer/export-store.ts';
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
/** A plain schema: the router would read a body with a zod schema as a whole. */
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
  summary: 'Import a catalogue (NDJSON or CSV), without embedding it',
  description:
    'Rows are matched by `id`, otherwise by `externalId`, otherwise by equal fields; fields that a line does not ' +
    'contain keep their value. Valid lines are stored, invalid ones are listed with their line number. An import ' +
    'can be repeated.',
  security,
  request: {
    query: z.strictObject({
      skipExisting: flag.openapi({ description: 'Leave existing rows unchanged.' }),
      dryRun: flag.openapi({ description: 'Report what would happen; store nothing.' }),
      batchSize: z.coerce
        .number()
        .pipe(z.int().min(1).max(1_000))
        .default(200)
        .openapi({ description: 'Rows per transaction.' }),
      unknownFields: z
        .enum(unknownFieldPolicies, { error: 'must be refuse, ignore or store' })
        .default('refuse')
        .openapi({
          description:
            'Fields or columns that a restaurant does not have: reject them, leave them out, or store them under `attributes`.',
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

const exportRoute = createRoute({
  method: 'get',
  path: '/restaurants/export',
  operationId: 'exportRestaurants',
  tags: ['Restaurants'],
  summary: 'Export the catalogue as NDJSON that can be imported again',
  request: {
    query: z.strictObject({ include: z.enum(['vector'], { error: 'must be vector' }).optional() }),
  },
  responses: {
    200: { description: 'One restaurant per line', content: { 'application/x-ndjson': { schema: ndjson } } },
    400: problems[400],
  },
});

const formats: readonly (readonly [RegExp, ImportFormat])[] = [
  [/^application\/(x-)?(nd|json)-?(json|lines)$/i, 'ndjson'],
  [/^application\/json$/i, 'json'],
  [/^text\/csv$/i, 'csv'],
  [/^text\/tab-separated-values$/i, 'tsv'],
];

/** The format and charset that a Content-Type names. Throws `unsupported-media-type`. */
function readContentType(header: string): { readonly format: ImportFormat; readonly charset: string } {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim());
  const format = formats.find(([pattern]) => pattern.test(type))?.[1];
  if (!format) {
    throw new Problem(
      'unsupported-media-type',
      'Send the file as application/x-ndjson, application/json (an array), text/csv or text/tab-separated-values.',
    );
  }
  const named = parameters.map((parameter) => /^charset="?([^"]*)"?$/i.exec(parameter)?.[1]).find(Boolean);
  const charset = named ?? 'utf-8';
  if (isKnownCharset(charset)) return { format, charset };
  throw new Problem(
    'unsupported-media-type',
    'The charset in Content-Type is not known; utf-8, windows-1252 are.',
  );
}

export interface TransferDependencies {
  readonly exports: ExportStore;
  readonly currentModel: CurrentModel;
  readonly imports: ImportStore;
  readonly policies: RoutePolicies;
}

export function addTransferRoutes(router: OpenAPIHono, dependencies: TransferDependencies) {
  const { imports, exports, currentModel, policies } = dependencies;

  const routes = router
    // The body is read as a stream, in bounded memory, so its size is not limited.
    .openapi(withPolicies(importRoute, policies.requireKey), async (c) => {
      const { unknownFields, ...options } = c.req.valid('query');
      const type = readContentType(c.req.header('content-type') ?? '');
      const bytes = c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (own) => own.close() });
      const lines = readImport({ bytes, ...type, unknownFields });
      const report = await importRestaurants(imports, lines, { ...options, unknownFields });
      return c.json({ ...report, errors: [...report.errors] }, 200);
    })
    .openapi(withPolicies(exportRoute, policies.compress), (c) => {
      const withVectors = c.req.valid('query').include === 'vector';
      const modelVersion = currentModel.version();
      const lines = ReadableStream.from(exportRestaurants(exports, { withVectors, modelVersion }));
      // The types of documented routes know JSON and plain text responses only.
      return c.body(lines.pipeThrough(new TextEncoderStream()), 200, {
        'Content-Type': 'application/x-ndjson',
      }) as never;
    });
  // Other methods would otherwise match /restaurants/:id.
  router.all('/restaurants/import', rejectMethod('POST'));
  router.all('/restaurants/export', rejectMethod('GET, HEAD'));
  return routes;
}

const rejectMethod =
  (allowed: string): MiddlewareHandler =>
  (c) => {
    throw wrongMethod(c.req.method, allowed);
  };
