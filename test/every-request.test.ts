/** The order of the middleware: whatever rejects a request, the response has the common headers, a log line and a count. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/raw-request.ts';
import { startService, until, type Service } from './support/service.ts';

interface Rejection {
  readonly status: number;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
}

async function checkRejection(service: Service, rejection: Rejection): Promise<void> {
  const { status, method = 'GET', path, headers = {} } = rejection;
  const answer = await ask(service.url, method, path, headers);
  const what = `${method} ${path} ${JSON.stringify(headers)}`;
  assert.equal(answer.status, status, what);
  assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/, what);
  const requestId = answer.headers['x-request-id'];
  assert.equal((JSON.parse(answer.body) as { requestId: string }).requestId, requestId, what);
  const line = await until('the request is logged', () =>
    service.log.find((entry) => entry['msg'] === 'request' && entry['requestId'] === requestId),
  );
  assert.equal(line['status'], status, what);
  const namesClient = [401, 421, 429].includes(status) || (status === 403 && 'client' in line);
  assert.equal(line['client'], namesClient ? '127.0.0.0/24' : undefined, what);
}

test('every rejection has a request id, security headers, a log line and a count', async (t) => {
  const open = await startService(t, { LOG_LEVEL: 'debug' });
  await checkRejection(open, { status: 421, path: '/healthz', headers: { Host: 'evil.example' } });
  await checkRejection(open, {
    status: 403,
    path: '/restaurants',
    headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
  });
  await checkRejection(open, { status: 404, path: '/nothing' });
  await checkRejection(open, { status: 405, method: 'PUT', path: '/search' });
  const counted = String((await open.get('/metrics')).body);
  for (const status of [403, 404, 405, 421])
    assert.match(counted, new RegExp(`http_requests_total\\{[^}]*status="${status}"\\} 1`), String(status));

  const keyed = await startService(t, { API_KEY: 'secret', RATE_LIMIT: '2', LOG_LEVEL: 'debug' });
  await checkRejection(keyed, { status: 401, method: 'POST', path: '/restaurants' });
  await checkRejection(keyed, { status: 400, path: '/restaurants?unknown=1' });
  await checkRejection(keyed, { status: 429, path: '/restaurants' });
});

test('a page of a listed origin can read that it was rate limited', async (t) => {
  const service = await startService(t, {
    RATE_LIMIT: '1',
    CORS_ORIGINS: 'https://app.example',
    API_KEY: 'k',
  });
  const headers = { Origin: 'https://app.example' };
  await ask(service.url, 'GET', '/model', headers);
  const limited = await ask(service.url, 'GET', '/model', headers);
  assert.equal(limited.status, 429);
  assert.equal(limited.headers['access-control-allow-origin'], 'https://app.example');
});
