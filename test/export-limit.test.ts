/** Exports of a whole catalogue beside everything else that the service does. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { rows } from './support/database-file.ts';
import { importText } from './support/import.ts';
import { startService, until } from './support/service.ts';

/** The response of an export of which nothing is read. */
async function openExport(url: string): Promise<IncomingMessage> {
  const request = get(`${url}/restaurants/export`);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause().on('error', () => {});
  return response;
}

test('two exports run at once, a third is told to come back, and reads and the end of the service do not wait for them', async (t) => {
  const service = await startService(t);
  await importText(service, 'application/x-ndjson', rows(20_000));
  const running = [await openExport(service.url), await openExport(service.url)];
  const third = await service.get('/restaurants/export');
  assert.deepEqual(
    [third.status, third.body.code, third.headers.get('retry-after')],
    [503, 'unavailable', '10'],
  );
  assert.equal((await service.get('/restaurants?limit=1')).status, 200);

  running[0]?.destroy();
  await until('there is room again', async () => {
    const next = await openExport(service.url);
    if (next.statusCode === 200) running.push(next);
    else next.resume();
    return next.statusCode === 200;
  });
  assert.equal(await service.stop(), 0);
});
