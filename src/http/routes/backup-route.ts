/** GET /backup: a checked copy of the database, as a download. */
import { open, rm } from 'node:fs/promises';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { Problem, unavailable } from '../contract/problem.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const route = createRoute({
  method: 'get',
  path: '/backup',
  operationId: 'downloadBackup',
  tags: ['Operation'],
  summary: 'Download a copy of the database, made while the service goes on',
  description:
    'The copy is one SQLite file of one moment, checked with `integrity_check`; `restore` takes it. It needs as much ' +
    'free space beside the database as the database has. One at a time, until it has been downloaded (503); 404 when ' +
    'the data is in PostgreSQL, which has pg_dump for this.',
  security: [{ apiKey: [] }],
  responses: {
    200: {
      description: 'The database',
      content: {
        'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
    400: problems[400],
    401: problems[401],
    404: { ...problems[404], description: 'The data is in PostgreSQL' },
    503: problems[503],
  },
});

export interface BackupDependencies {
  /** Writes a checked copy to a new file; undefined if the engine has its own tools. */
  readonly backUp: ((path: string) => Promise<void>) | undefined;
  /** The folder of a copy until it is sent, on the volume of the database. */
  readonly backupPath: string;
  readonly policies: RoutePolicies;
}

export function addBackupRoute(router: OpenAPIHono, { backUp, backupPath, policies }: BackupDependencies) {
  /** A copy is completed also when its client has gone. */
  let isRunning = false;

  /** Streams the copy, which has been unlinked from the folder. */
  async function makeCopy(): Promise<{ readonly size: number; readonly bytes: ReadableStream }> {
    if (!backUp) {
      throw new Problem('path-not-found', 'The data is in PostgreSQL: back it up with pg_dump.');
    }
    if (isRunning) throw unavailable('Another backup is being made.', 10);
    isRunning = true;
    try {
      await backUp(backupPath);
      const file = await open(backupPath);
      const { size } = await file.stat();
      return { size, bytes: ReadableStream.from(file.createReadStream()) };
    } finally {
      await rm(backupPath, { force: true });
      isRunning = false;
    }
  }

  return router.openapi(withPolicies(route, policies.requireKey, policies.limitBackups), async (c) => {
    const { size, bytes } = await makeCopy();
    const day = new Date().toISOString().slice(0, 10);
    // The types of documented routes know JSON and plain text responses only.
    return c.body(bytes, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="tastematch-${day}.db"`,
      'Content-Length': String(size),
    }) as never;
  });
}
