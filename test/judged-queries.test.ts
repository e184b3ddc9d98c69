/** Search quality on both storage engines, by the sets of judged queries that bench/quality measures. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openCopy } from '../src/storage/open-copy.ts';
import { copyCatalogue } from '../src/transfer/copy-catalogue.ts';
import { importText, ndjson } from './support/import.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';
import { afterwards, repository, startService, until, type Service } from './support/service.ts';

interface JudgedSet {
  readonly name: string;
  readonly rows: readonly object[];
  /** `rel`: externalId → grade. */
  readonly queries: readonly { readonly q: string; readonly rel: Readonly<Record<string, number>> }[];
}
interface Quality {
  readonly judgedSets: readonly JudgedSet[];
  measure(found: readonly string[], rel: JudgedSet['queries'][number]['rel']): { readonly ndcg: number };
  mean(values: readonly number[]): number;
}

const load = (file: string) =>
  import(pathToFileURL(join(repository, 'bench/quality', file)).href) as Promise<Quality>;
const { judgedSets } = await load('judged-sets.mjs');
const { mean, measure } = await load('ranking-metrics.mjs');

const MAX_DIFFERENCE = 0.02;

async function openEmbedded(t: TestContext, rows: readonly object[]): Promise<Service> {
  const service = await startService(t);
  await importText(service, 'application/x-ndjson', ndjson(rows));
  await service.request('POST', '/embeddings/backfill', {});
  await until(
    'every restaurant has a vector',
    async () => (await service.get('/embeddings')).body.ready === rows.length,
  );
  return service;
}

async function openCopied(t: TestContext, { folder }: Service): Promise<Service> {
  const { url, drop } = await createPostgresDatabase();
  afterwards(t, drop);
  const source = await openCopy(`sqlite:${join(folder, 'test.db')}`);
  const target = await openCopy(url);
  try {
    await copyCatalogue(source, target);
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
  return startService(t, { DATABASE_URL: url });
}

/** Mean nDCG@10 of hybrid search. */
async function searchQuality({ get }: Service, queries: JudgedSet['queries']): Promise<number> {
  const values: number[] = [];
  for (const { q, rel } of queries) {
    const { status, body } = await get(`/search?limit=10&q=${encodeURIComponent(q)}`);
    assert.deepEqual([status, body.degraded ?? false], [200, false]);
    const items = body.items as { readonly restaurant: { readonly externalId: string } }[];
    values.push(
      measure(
        items.map(({ restaurant }) => restaurant.externalId),
        rel,
      ).ndcg,
    );
  }
  return mean(values);
}

test('judged queries find as much on PostgreSQL as on SQLite', { skip: noPostgres }, async (t) => {
  const { rows, queries } = judgedSets.find(({ name }) => name === 'sample') ?? assert.fail();
  const sqlite = await openEmbedded(t, rows);
  const postgres = await openCopied(t, sqlite);
  const [one, other] = [await searchQuality(sqlite, queries), await searchQuality(postgres, queries)];
  t.diagnostic(`nDCG@10: SQLite ${one.toFixed(4)}, PostgreSQL ${other.toFixed(4)}`);
  assert.ok(one > 0.7, `SQLite: ${one}`);
  assert.ok(Math.abs(one - other) <= MAX_DIFFERENCE, `SQLite ${one}, PostgreSQL ${other}`);
});
