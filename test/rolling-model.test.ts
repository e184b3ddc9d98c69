/** Processes of two models on one database, as while a new model is rolled out. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { importText, ndjson } from './support/import.ts';
import { noPostgres } from './support/postgres.ts';
import { startProcesses } from './support/processes.ts';
import { afterwards, repository, until, type Service } from './support/service.ts';

const ROWS = 24;
const ROUNDS = 5;
const other = { MODEL_DIR: join(repository, 'models/paraphrase-MiniLM-L3-v2') };
const catalogue = ndjson(
  Array.from({ length: ROWS }, (_, i) => ({
    name: `Casa ${i}`,
    description: `Prato número ${i} com feijão`,
  })),
);

async function modelOf(services: readonly Service[]) {
  const answers = await Promise.all(services.map(({ get }) => get('/model')));
  const names = new Set(answers.map(({ body }) => body.name as string));
  const inferences = answers.reduce((sum, { body }) => sum + (body.inferences as number), 0);
  return { names: [...names], inferences };
}

/** Every process reads every restaurant once; gives the models that the answers name, for each process. */
const readAll = async (services: readonly Service[]) =>
  Promise.all(
    services.map(async ({ get }) => {
      const models = new Set<string>();
      for (let id = 1; id <= ROWS; id += 1) {
        const { status, body } = await get(`/restaurants/${id}`);
        assert.deepEqual([status, body.embedding.status], [200, 'ready']);
        models.add(body.embedding.model);
      }
      return [...models];
    }),
  );

test(
  'processes of an old and a new model serve together: one inference per text and model, each with its own vectors',
  {
    skip: noPostgres,
  },
  async (t) => {
    const { services: old, url, start } = await startProcesses(t, 2);
    const [first] = old;
    assert.ok(first);
    await importText(first, 'application/x-ndjson', catalogue);
    await readAll(old);
    const renewed = [await start(other), await start(other)];
    const [oldName, newName] = [(await modelOf(old)).names, (await modelOf(renewed)).names];
    assert.notDeepEqual(oldName, newName);

    for (let round = 0; round < ROUNDS; round += 1) {
      const models = await readAll([...old, ...renewed]);
      assert.deepEqual(models, [oldName, oldName, newName, newName], 'each answers with its own model');
      // Stays at this number: neither model makes the other's vectors stale.
      assert.equal((await modelOf(old)).inferences, ROWS);
      assert.equal((await modelOf(renewed)).inferences, ROWS);
    }

    const database = new pg.Client({ connectionString: url });
    await database.connect();
    afterwards(t, () => database.end());
    const { rows: versions } = await database.query<{ id: number; model: string }>(
      'SELECT id, model FROM model_versions ORDER BY id',
    );
    for (const [index, services] of [old, renewed].entries()) {
      const { rows } = await database.query<{ id: string; score: number }>(
        `SELECT b.restaurant_id AS id, 1 - (a.embedding <=> b.embedding) AS score
       FROM vectors_${versions[index]?.id} a, vectors_${versions[index]?.id} b
       WHERE a.restaurant_id = 1 AND b.restaurant_id <> 1`,
      );
      const scores = new Map(rows.map(({ id, score }) => [Number(id), score]));
      for (const { get } of services) {
        const { body } = await get('/restaurants/1/similar?limit=5');
        assert.equal(body.items.length, 5);
        for (const item of body.items as { score: number; restaurant: { id: number } }[]) {
          assert.ok(Math.abs(item.score - (scores.get(item.restaurant.id) ?? 2)) < 1e-3);
        }
      }
    }

    const versionsWithVectors = async () => {
      const { rows } = await database.query<{ model: string }>(
        `SELECT model FROM model_versions WHERE to_regclass('vectors_' || id) IS NOT NULL ORDER BY id`,
      );
      return rows.map(({ model }) => model);
    };
    const third = await start(other);
    await third.get('/restaurants/1');
    assert.deepEqual(await versionsWithVectors(), [...oldName, ...newName], 'kept while a process uses them');
    await Promise.all(old.map((service) => service.stop()));
    const fourth = await start(other);
    await fourth.get('/restaurants/1');
    await until('the old vectors are dropped', async () => (await versionsWithVectors()).length === 1);
    assert.deepEqual(await versionsWithVectors(), newName);
  },
);
