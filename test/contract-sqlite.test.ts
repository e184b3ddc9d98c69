/** The storage contract on SQLite, with an index in memory and without one. */
import { join } from 'node:path';
import { openStores } from '../src/storage/open-stores.ts';
import { describeStorageContract } from './contract/all.ts';
import { afterwards, temporaryFolder } from './support/service.ts';

for (const { name, int8IndexMinRows } of [
  { name: 'SQLite', int8IndexMinRows: 1_000 },
  { name: 'SQLite with the int8 index', int8IndexMinRows: 1 },
]) {
  describeStorageContract({
    name,
    async open(t) {
      const databasePath = join(await temporaryFolder(t), 'contract.db');
      const openAnother = async () => {
        const stores = await openStores({ databasePath, int8IndexMinRows });
        afterwards(t, () => stores.close());
        return stores;
      };
      return { stores: await openAnother(), openAnother };
    },
  });
}
