import { after, describe } from 'node:test';
import { openPostgresStores } from '../src/storage/postgres/open.ts';
import { describeStorageContract } from './contract/all.ts';
import { createPostgresDatabase, noPostgres } from './support/postgres.ts';

const drops: (() => Promise<void>)[] = [];
after(() => Promise.all(drops.map((drop) => drop())));

describe('storage contract', { skip: noPostgres }, () => {
  describeStorageContract({
    name: 'PostgreSQL',
    async open(t) {
      const { url, drop } = await createPostgresDatabase();
      drops.push(drop);
      const open = async () => {
        const stores = await openPostgresStores({ databaseUrl: url });
        t.after(() => stores.close());
        return stores;
      };
      return { stores: await open(), openAnother: open };
    },
  });
});
