/** The contracts of the ImportStore, ExportStore and VectorPackStore ports. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImportRecord } from '../../src/transfer/import-record.ts';
import type { ImportOutcome } from '../../src/transfer/import-restaurants.ts';
import { openCatalogue, unitVector, type ContractEngine } from './engine.ts';

const record = (line: number, fields: ImportRecord['fields'], id?: number): ImportRecord => ({
  line,
  id,
  fields,
});
const namesOf = (outcomes: readonly ImportOutcome[]) =>
  outcomes.map((outcome) => ('code' in outcome ? outcome.code : outcome.outcome));
const writes = { skipExisting: false, dryRun: false };

export function describeTransferStoresContract(engine: ContractEngine): void {
  describe(`imports on ${engine.name}`, () => {
    test('a record is its id, else its externalId, else the row that equals it, else a new row', async (t) => {
      const { stores, modelVersion } = await openCatalogue(engine, t);
      const batch = [
        record(1, { name: 'A', rating: 3 }, 5),
        record(2, { name: 'B', externalId: 'x' }),
        record(3, { name: 'C' }),
      ];
      const { importBatch } = stores.imports;
      assert.deepEqual(namesOf(await importBatch(batch, writes)), ['created', 'created', 'created']);
      assert.deepEqual(namesOf(await importBatch(batch, writes)), ['unchanged', 'unchanged', 'unchanged']);
      const next = [
        record(1, { rating: 4 }, 5),
        record(2, { externalId: 'x', description: 'new' }),
        record(3, { name: 'C', rating: 1 }),
      ];
      assert.deepEqual(namesOf(await importBatch(next, writes)), ['updated', 'updated', 'created']);
      const first = await stores.restaurants.find(5, modelVersion);
      assert.deepEqual([first?.name, first?.rating, first?.version], ['A', 4, 2]);
      assert.equal(await stores.restaurants.count(), 4);
    });

    test('skipExisting leaves rows alone, dryRun stores nothing, and both tell what would be', async (t) => {
      const { stores } = await openCatalogue(engine, t);
      const { importBatch } = stores.imports;
      await importBatch([record(1, { name: 'A', externalId: 'a' })], writes);
      const batch = [record(1, { name: 'A2', externalId: 'a' }), record(2, { name: 'B' })];
      assert.deepEqual(namesOf(await importBatch(batch, { ...writes, dryRun: true })), [
        'updated',
        'created',
      ]);
      assert.equal(await stores.restaurants.count(), 1);
      assert.deepEqual(namesOf(await importBatch(batch, { ...writes, skipExisting: true })), [
        'skipped',
        'created',
      ]);
    });

    test('a new row needs a name, and coordinates together; the others of the batch are stored', async (t) => {
      const { stores } = await openCatalogue(engine, t);
      const outcomes = await stores.imports.importBatch(
        [
          record(1, { externalId: 'typo', rating: 4 }),
          record(2, { rating: 4 }, 7),
          record(3, { name: 'A', latitude: 1 }),
          record(4, { name: 'B', attributes: { tags: ['x'] } }),
        ],
        writes,
      );
      const details = outcomes.map((outcome) => ('code' in outcome ? outcome.detail : outcome.outcome));
      assert.match(details[0] ?? '', /^no restaurant has the externalId "typo", and name is missing/);
      assert.match(details[1] ?? '', /^no restaurant has the id 7, and name is missing/);
      assert.match(details[2] ?? '', /latitude and longitude must be given together/);
      assert.equal(details[3], 'created');
    });

    test('attributes are merged key by key; null removes a key, or all of them', async (t) => {
      const { stores } = await openCatalogue(engine, t);
      const { importBatch } = stores.imports;
      const attributesAfter = async (attributes: ImportRecord['fields']['attributes']) => {
        await importBatch(
          [record(1, { externalId: 'a', name: 'A', ...(attributes !== undefined && { attributes }) })],
          writes,
        );
        return (await stores.restaurants.find(1, undefined))?.attributes;
      };
      assert.deepEqual(await attributesAfter({ a: 1, b: { c: 2, d: 3 } }), { a: 1, b: { c: 2, d: 3 } });
      assert.deepEqual(await attributesAfter(undefined), { a: 1, b: { c: 2, d: 3 } });
      assert.deepEqual(await attributesAfter({ a: null, b: { c: 4 } }), { b: { c: 4, d: 3 } });
      assert.equal((await stores.restaurants.find(1, undefined))?.version, 2);
      await attributesAfter({ b: { d: 3 } });
      assert.equal((await stores.restaurants.find(1, undefined))?.version, 2);
      assert.equal(await attributesAfter(null), null);
    });

    test('a record that cannot be stored is reported with its line, and the others are stored', async (t) => {
      const { stores } = await openCatalogue(engine, t);
      const { importBatch } = stores.imports;
      await importBatch([record(1, { name: 'A', externalId: 'a' }, 1)], writes);
      const outcomes = await importBatch(
        [record(7, { name: 'B', externalId: 'a' }, 2), record(8, { name: 'C' })],
        writes,
      );
      const [first, second] = outcomes;
      assert.ok(first && 'code' in first && second && 'id' in second);
      assert.deepEqual([first.line, first.code, second.outcome], [7, 'external-id-taken', 'created']);
      const read = await stores.restaurants.find(second.id, undefined);
      assert.equal(read?.name, 'C');
    });
  });

  describe(`exports on ${engine.name}`, () => {
    test('pages hold every row once by ascending id, each with its vector when asked', async (t) => {
      const { stores, modelVersion, embed } = await openCatalogue(engine, t);
      const rows = Array.from({ length: 450 }, (_, i) => record(i, { name: `R${i}` }));
      await stores.imports.importBatch(rows, writes);
      for (const id of [1, 300, 450]) await embed(id);
      for (const withVectors of [true, false]) {
        const all = [];
        for await (const page of stores.exports.pages({ withVectors, modelVersion })) all.push(...page);
        assert.deepEqual(
          all.map(({ restaurant }) => restaurant.id),
          rows.map((_, i) => i + 1),
        );
        const found = all.flatMap(({ restaurant, vector }) => (vector ? [[restaurant.id, vector]] : []));
        const expected = withVectors ? [1, 300, 450].map((id) => [id, unitVector(id)]) : [];
        assert.deepEqual(found, expected);
      }
    });
  });

  describe(`vectors by text on ${engine.name}`, () => {
    test('each text is listed once by its hash, and stored with every row of that text that has none', async (t) => {
      const { stores, add, embed, modelVersion } = await openCatalogue(engine, t);
      for (const name of ['A', 'A', 'B', 'C']) await add({ name });
      await embed(1, unitVector(1));
      await embed(3, unitVector(3));
      const { listPacked, storePacked } = stores.vectors;
      const packed = await listPacked({ modelVersion, afterHash: '', limit: 10 });
      assert.equal(packed.length, 2);
      const [one, two] = packed;
      assert.ok(one && two && one.textHash < two.textHash);
      const rest = await listPacked({ modelVersion, afterHash: one.textHash, limit: 10 });
      assert.deepEqual(rest, [two]);
      assert.equal(await storePacked(packed, modelVersion), 1);
      assert.equal(await storePacked(packed, modelVersion), 0);
      assert.deepEqual(await stores.embeddings.findVector(2, modelVersion), unitVector(1));
      assert.equal(await stores.embeddings.findVector(4, modelVersion), undefined);
    });
  });
}
