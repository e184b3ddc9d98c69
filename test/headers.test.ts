/** What every answer says to browsers, and what it does not say about the service. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startService } from './support/service.ts';

const secure = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

test('pages, JSON, assets and problems carry the same secure headers, and no name of the server', async (t) => {
  const service = await startService(t, { API_KEY: 'secret', RATE_LIMIT: '14' });
  const answers = await Promise.all(
    [
      ['GET', '/'],
      ['GET', '/restaurants'],
      ['HEAD', '/restaurants'],
      ['GET', '/assets/x/base.css'],
      ['GET', '/robots.txt'],
      ['GET', '/docs'],
      ['GET', '/docs/swagger-ui-bundle.js'],
      ['GET', '/openapi.json'],
      ['GET', '/nothing'],
      ['GET', '/restaurants?x=1'],
      ['POST', '/restaurants'],
      ['DELETE', '/restaurants'],
      ['GET', '/metrics'],
      ['GET', '/explore/restaurants/9'],
      ['GET', '/restaurants/export'],
    ].map(async ([method = '', path = '']) => ({ path, ...(await service.request(method, path)) })),
  );
  answers.push({ path: 'too often', ...(await service.get('/')) });
  assert.equal(answers.at(-1)?.status, 429);
  for (const { path, headers } of answers) {
    const given = Object.fromEntries(Object.keys(secure).map((name) => [name, headers.get(name)]));
    assert.deepEqual(given, secure, path);
    for (const name of ['server', 'x-powered-by', 'via']) assert.equal(headers.get(name), null, path);
    assert.ok(headers.get('x-request-id'), path);
  }
});
