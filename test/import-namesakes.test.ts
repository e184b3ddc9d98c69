/** Many restaurants of one name and without an externalId, as a chain has them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStores } from '../src/storage/open-stores.ts';
import { temporaryFolder } from './support/service.ts';

const COUNT = 20_000;
const BATCH = 200;

/** A search through all namesakes for each of them would take ten times as long as this. */
const TIMEOUT_MS = 90_000;

test(
  'the branches of a chain are told apart by their content, and importing them again changes nothing',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const databasePath = join(await temporaryFolder(t), 'test.db');
    const stores = await openStores({ databasePath, int8IndexMinRows: 1_000 });
    for (const expected of ['created', 'unchanged']) {
      for (let start = 0; start < COUNT; start += BATCH) {
        const records = Array.from({ length: BATCH }, (_, i) => ({
          line: start + i,
          id: undefined,
          fields: { name: 'Casa do Pão', location: `Rua ${start + i}` },
        }));
        const outcomes = await stores.imports.importBatch(records, { skipExisting: false, dryRun: false });
        assert.ok(outcomes.every((one) => 'outcome' in one && one.outcome === expected));
      }
    }
    assert.equal(await stores.restaurants.count(), COUNT);
    await stores.close();
  },
);
