/**
 * Cold reads of the same Portuguese texts with the default model and with all-MiniLM-L6-v2, whose vocabulary is English
 * and cuts Portuguese words into more pieces: one service each, read in turns. The exit code is 1 when a goal is missed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goalsHeading, isQuick, tell } from './goals.mjs';
import { memoryOf } from './process-memory.mjs';
import { childOf, median, root, startService, temporaryFolder, toNdjson } from './service.mjs';

const ROUNDS = isQuick ? 1 : 12;
const MODELS = ['all-MiniLM-L6-v2', 'tastematch-MiniLM-L6-en-pt'];
const PORTUGUESE = /(?<!\p{L})(com|uma|um|que|não|são|na|no|da|do|dos|de|em|os)(?!\p{L})/giu;

/** Descriptions with at least four of the commonest Portuguese words. */
const descriptions = readFileSync(join(root, 'data/restaurants.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).description ?? '')
  .filter((text) => (text.match(PORTUGUESE) ?? []).length >= 4);
// Another name makes another text, which is embedded anew.
const rows = Array.from({ length: ROUNDS }, (_, round) =>
  descriptions.map((description, i) => ({ name: `Casa ${round} ${i}`, description })),
).flat();

async function start(model) {
  const service = await startService({
    folder: temporaryFolder(),
    environment: { MODEL_DIR: join(root, 'models', model), EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' },
  });
  await service.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
  await service.request('POST', '/model/load');
  return service;
}

async function readCold(service, id) {
  const { body, ms } = await service.getLean(`/restaurants/${id}`);
  if (body.embedding.status !== 'ready') throw new Error(`not embedded: ${JSON.stringify(body.embedding)}`);
  return ms;
}

const services = [];
for (const model of MODELS) services.push(await start(model));
const times = MODELS.map(() => []);
for (let id = 1; id <= rows.length; id += 1) {
  for (const [i, service] of services.entries()) {
    const ms = await readCold(service, id);
    // The first ones run before the compilers of V8 have seen the code.
    if (id > rows.length / 4) times[i].push(ms);
  }
}
const [english, bilingual] = times.map(median);
const [englishMb, bilingualMb] = services.map(({ pid }) => memoryOf(childOf(pid)).anonymousMb);
for (const service of services) await service.stop();

goalsHeading(`${rows.length} Portuguese texts`);
const goals = [
  tell(`cold read with ${MODELS[0]}, p50`, english, 'ms'),
  tell(`cold read with ${MODELS[1]}, p50`, bilingual, 'ms'),
  tell('times as fast', english / bilingual, '×', { atLeast: 1.3 }),
  tell('model process, anonymous memory: difference', bilingualMb - englishMb, 'MB', { atMost: 6 }),
];
if (!goals.every(Boolean)) process.exitCode = 1;
