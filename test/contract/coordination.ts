/** The contracts of the SettingStore, LeaseStore and ChangeFeed ports, and of what every engine says of itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEvent } from '../../src/embedding/change-feed.ts';
import { openCatalogue, type ContractEngine } from './engine.ts';

export function describeCoordinationContract(engine: ContractEngine): void {
  describe(`settings on ${engine.name}`, () => {
    test('a setting is kept for the next process until it is removed', async (t) => {
      const { stores, openAnother } = await openCatalogue(engine, t);
      assert.equal(await stores.settings.load('backfill'), undefined);
      await stores.settings.save('backfill', '3');
      await stores.settings.save('backfill', '5');
      const other = await openAnother();
      assert.equal(await other.settings.load('backfill'), '5');
      await other.settings.save('backfill', undefined);
      assert.equal(await stores.settings.load('backfill'), undefined);
    });
  });

  describe(`leases on ${engine.name}`, () => {
    test('one holder has a lease at a time; it is free after a release', async (t) => {
      const { leases } = (await openCatalogue(engine, t)).stores;
      assert.equal(await leases.acquire('backfill', 'a', 60_000), true);
      assert.equal(await leases.acquire('backfill', 'a', 60_000), true, 'again by its holder');
      assert.equal(await leases.acquire('backfill', 'b', 60_000), false);
      assert.equal(await leases.acquire('other', 'b', 60_000), true, 'names are independent');
      assert.equal(await leases.renew('backfill', 'b', 60_000), false);
      await leases.release('backfill', 'b');
      assert.equal(await leases.renew('backfill', 'a', 60_000), true, 'not released by another');
      await leases.release('backfill', 'a');
      assert.equal(await leases.renew('backfill', 'a', 60_000), false);
      assert.equal(await leases.acquire('backfill', 'b', 60_000), true);
    });

    test('an expired lease is taken over, and its earlier holder can no longer renew it', async (t) => {
      const { leases } = (await openCatalogue(engine, t)).stores;
      assert.equal(await leases.acquire('backfill', 'a', 1), true);
      await sleep(10);
      assert.equal(await leases.acquire('backfill', 'b', 60_000), true);
      assert.equal(await leases.renew('backfill', 'a', 60_000), false);
    });
  });

  describe(`change notification on ${engine.name}`, () => {
    test('an event reaches every subscriber once, in order, and can be read again after its id', async (t) => {
      const { changes } = (await openCatalogue(engine, t)).stores;
      const seen: ServiceEvent[] = [];
      let onThird: (() => void) | undefined;
      const third = new Promise<void>((resolve) => {
        onThird = resolve;
      });
      const unsubscribe = await changes.subscribe((event) => {
        seen.push(event);
        if (seen.length === 3) onThird?.();
      });
      for (const restaurantId of [1, 2, 3])
        await changes.publish({ type: 'embedded', data: { restaurantId } });
      await third;
      await unsubscribe();
      await changes.publish({ type: 'backfill', data: { state: 'finished' } });
      assert.deepEqual(
        seen.map(({ type, data }) => [type, data['restaurantId']]),
        [1, 2, 3].map((id) => ['embedded', id]),
      );
      const [first, second, last] = seen;
      assert.ok(first && second && last && first.id < second.id && second.id < last.id);
      const missed = await changes.listAfter(first.id);
      assert.deepEqual(missed.slice(0, 2), [second, last]);
      assert.deepEqual([missed.length, missed[2]?.type], [3, 'backfill']);
    });
  });

  describe(`the engine ${engine.name}`, () => {
    test('an open database is readable and describes itself; a closed one fails with a storage error', async (t) => {
      const { stores, modelVersion } = await openCatalogue(engine, t);
      await stores.checkReadable();
      const { walBytes } = await stores.statistics();
      assert.ok(walBytes === undefined || walBytes >= 0);
      await stores.close();
      await assert.rejects(stores.restaurants.find(1, modelVersion), {
        name: 'StorageError',
        code: 'unavailable',
      });
    });
  });
}
