/**
 * Hostile strings, JSON texts and raw requests against every kind of input: paths, query parameters, headers, bodies,
 * imports. Goals: no 5xx (503 with `Retry-After` is none), every error is a problem with `code` and `detail`, nothing
 * is stored by a request that was rejected, and what is accepted reads back as it was sent.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openSocket, openTarget, watch } from './attack.mjs';
import { goalsHeading, tell } from './goals.mjs';
import { jsonTexts, rawRequests, strings } from './hostile-strings.mjs';

const CLIENTS = 4;
const problems = [];
const statuses = {};
const target = await openTarget();
const total = async () => (await target.get('/restaurants?limit=1')).body.total;

/** encodeURIComponent refuses lone surrogates: they are sent as the bytes that CESU-8 has for them. */
const encode = (text) =>
  [...text]
    .map((character) =>
      /^[\ud800-\udfff]$/.test(character)
        ? `%ED%${character.charCodeAt(0) < 0xdc00 ? 'A0' : 'B0'}%80`
        : encodeURIComponent(character),
    )
    .join('');

const parameters = [
  ...[
    'q',
    'location',
    'cuisine',
    'cursor',
    'sort',
    'limit',
    'fields',
    'facets',
    'near',
    'radiusKm',
    'minRating',
  ],
  ...[
    'maxPrice',
    'ids',
    'externalId',
    'embedded',
    'updatedSince',
    'unknown',
    'attributes[x]',
    'attributes[x][gte]',
  ],
];
const paths = [
  ...parameters.map((name) => (value) => `/restaurants?${encodeURIComponent(name)}=${value}`),
  (value) => `/restaurants?attributes[${value}]=1&near=1,1&radiusKm=${value}`,
  (value) => `/restaurants?limit=1&limit=${value}&${value}=${value}`,
  (value) => `/restaurants?near=${value},${value}&sort=distance`,
  (value) => `/restaurants/${value}`,
  (value) => `/restaurants/${value}/similar`,
  (value) => `/restaurants/1/similar?limit=${value}&mode=${value}&minScore=${value}`,
  ...['q', 'mode', 'limit', 'diversity', 'location', 'cuisine', 'near', 'cursor', 'highlight'].map(
    (name) => (value) => `/search?${name === 'q' ? '' : 'q=casa&'}${name}=${value}`,
  ),
  (value) => `/suggest?q=${value}`,
  (value) => `/changes?since=${value}&limit=${value}`,
  (value) => `/map?limit=${value}&cuisine=${value}`,
  (value) => `/restaurants/export?format=${value}`,
  (value) => `/?q=${value}`,
  (value) => `/explore/results?q=${value}&near=${value}`,
  (value) => `/${value}`,
];

function note(what, { status, headers, text }) {
  statuses[status] = (statuses[status] ?? 0) + 1;
  const complain = (why) => problems.push(`${why}: ${what.slice(0, 160)} ${text.slice(0, 200)}`);
  if (status >= 500 && !(status === 503 && headers.has('retry-after'))) complain(`status ${status}`);
  const isPage = /html/.test(headers.get('content-type') ?? '');
  if (status < 400 || isPage) return;
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return complain(`no problem, ${status}`);
  const { code, detail, title } = JSON.parse(text);
  if (!code || !detail || !title) complain(`no code or detail, ${status}`);
  if (text.length > 8_192) complain(`a problem of ${text.length} characters`);
}

async function send(what, path, init = {}) {
  try {
    const response = await fetch(target.url + path, { ...init, signal: AbortSignal.timeout(30_000) });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    note(what, answer);
    return answer;
  } catch (error) {
    problems.push(`not answered: ${what.slice(0, 160)} ${error.cause ?? error}`);
    return { status: 0, text: '' };
  }
}

async function sendRaw(bytes) {
  const socket = await openSocket(target);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.write(bytes, 'latin1');
  const stop = new AbortController();
  const closed = new Promise((resolve) => (socket.destroyed ? resolve() : socket.once('close', resolve)));
  await Promise.race([closed, wait(1_500, undefined, { signal: stop.signal }).catch(() => {})]);
  stop.abort();
  socket.destroy();
  for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)) {
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status >= '500' && status !== '503') problems.push(`status ${status}: raw ${bytes.slice(0, 160)}`);
  }
}

const json = (method, body) => ({ method, body, headers: { 'Content-Type': 'application/json' } });

async function attack() {
  const requests = strings.flatMap((text) => paths.map((path) => () => send(path(text), path(encode(text)))));
  const next = requests.values();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (const request of next) await request();
    }),
  );
  const before = await total();
  let stored = 0;
  const noteStored = ({ status }) => (stored += status === 201 ? 1 : 0);
  for (const text of jsonTexts) {
    const answer = await send(`POST ${text}`, '/restaurants', json('POST', text));
    if (answer.status < 400) problems.push(`accepted: POST ${text.slice(0, 200)}`);
    noteStored(answer);
    await send(`PATCH ${text}`, '/restaurants/1', json('PATCH', text));
    await send(`PUT ${text}`, '/restaurants/1', json('PUT', text));
    await send(`recommend ${text}`, '/recommendations', json('POST', text));
    await send(`backfill ${text}`, '/embeddings/backfill', json('POST', text));
    await send(`import dry ${text}`, '/restaurants/import?dryRun=true', json('POST', text));
  }
  for (const text of strings) {
    const fields = { name: text, description: text, cuisineType: text, attributes: { [text || 'a']: text } };
    for (const one of [
      fields,
      { name: `Casa ${text}` },
      { name: 'Casa', location: text, externalId: text },
    ]) {
      const answer = await send(
        `POST ${JSON.stringify(one)}`,
        '/restaurants',
        json('POST', JSON.stringify(one)),
      );
      noteStored(answer);
      if (answer.status !== 201) continue;
      const { id, name } = JSON.parse(answer.text);
      const read = await send('read back', `/restaurants/${id}`);
      if (JSON.parse(read.text).name !== name) problems.push(`read back differs: ${JSON.stringify(name)}`);
    }
    const csv = `name,description\r\n${text},"${text.replaceAll('"', '""')}"\r\n`;
    const type = { 'Content-Type': 'text/csv' };
    await send('CSV', '/restaurants/import?dryRun=true', { method: 'POST', body: csv, headers: type });
    await send('header', '/restaurants/1', {
      headers: { 'If-None-Match': `"${encode(text).slice(0, 5_000)}"` },
    });
  }
  await Promise.all(rawRequests.map(sendRaw));
  const after = await total();
  if (after - before !== stored) problems.push(`${after - before} rows more, ${stored} were acknowledged`);
}

const outcome = await watch(target, attack);
goalsHeading('hostile input');
const sent = Object.values(statuses).reduce((sum, count) => sum + count, 0);
for (const status of Object.keys(statuses)) tell(`answered ${status}`, statuses[status]);
const isGood = [
  tell('requests', sent, '', { atLeast: 4_000 }),
  tell('violations', problems.length, '', { atMost: 0 }),
  tell('resident memory beyond idle', outcome.grownMb, 'MB', { atMost: 40 }),
].every(Boolean);
for (const problem of problems.slice(0, 40)) console.log(JSON.stringify(problem));
await target.stop();
process.exit(isGood ? 0 : 1);
