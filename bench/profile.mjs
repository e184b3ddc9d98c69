/**
 * Where the time goes: the service on the warm and on the cold path, and the model process, by V8's sampling
 * profiler. Prints the share of each owner, and which files of ours take more than 5 %.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { findModelFiles } from '../dist/src/inference/model-files.js';
import { nowMicros, readShares } from './cpu-profile.mjs';
import { heading, isQuick, row } from './goals.mjs';
import { root, startService, syntheticRestaurants, temporaryFolder, toNdjson } from './service.mjs';

const WARM_SECONDS = isQuick ? 2 : 8;
const COLD_READS = isQuick ? 50 : 1_500;
const NOTABLE = 0.05;
const INTERVAL_MICROS = 250;
const rows = [...syntheticRestaurants(COLD_READS)];
const profiling = (folder) => [
  '--cpu-prof',
  `--cpu-prof-dir=${folder}`,
  `--cpu-prof-interval=${INTERVAL_MICROS}`,
];

/** A service that is profiled while it does the second half of the work; `prepare` runs in another one before. */
async function profileService(prepare, firstHalf, secondHalf) {
  const folder = temporaryFolder();
  const environment = { EMBED_WAIT_MS: '20000', TOP_UP_MS: '0' };
  const before = await startService({ folder, environment });
  await before.request('POST', '/restaurants/import', toNdjson(rows), 'application/x-ndjson');
  await prepare(before);
  await before.stop();
  const profiles = temporaryFolder();
  const service = await startService({ folder, environment, nodeArguments: profiling(profiles) });
  await firstHalf(service);
  const since = nowMicros();
  await secondHalf(service);
  await service.stop();
  return readShares(profiles, since);
}

const readFrom = (first) => async (service) => {
  for (let id = first; id < first + COLD_READS / 2; id += 1) await service.get(`/restaurants/${id}`);
};
const readWarm = (service) =>
  autocannon({ url: `${service.url}/restaurants/1`, connections: 16, duration: WARM_SECONDS / 2 });

const warmPath = () => profileService(readFrom(1), readWarm, readWarm);
const coldPath = () => profileService(async () => {}, readFrom(1), readFrom(COLD_READS / 2 + 1));

/** The model process by itself, told by this script what the service would tell it. */
async function modelProcess() {
  const profiles = temporaryFolder();
  const { graphPath, tokenizerPath, tokenizerConfigPath, maxTokens } = await findModelFiles(
    join(root, 'models/all-MiniLM-L6-v2'),
  );
  const child = fork(join(root, 'dist/src/inference/embedder-process.js'), {
    execArgv: profiling(profiles),
    serialization: 'advanced',
  });
  const exchange = async (message) => {
    child.send(message);
    const [answer] = await once(child, 'message');
    if (answer.message) throw new Error(answer.message);
  };
  await exchange({ type: 'start', graphPath, tokenizerPath, tokenizerConfigPath, maxTokens });
  let since = 0;
  for (const [index, { name, cuisineType, description }] of rows.entries()) {
    if (index === COLD_READS / 2) since = nowMicros();
    await exchange({ type: 'embed', text: [name, cuisineType, description].join(' ') });
  }
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
  return readShares(profiles, since);
}

const paths = {
  'warm path, service': await warmPath(),
  'cold path, service': await coldPath(),
  'cold path, model process': await modelProcess(),
};
for (const [name, shares] of Object.entries(paths)) {
  heading(name, 'share of the time that is not idle');
  let rest = 1;
  for (const [owner, share] of shares.filter(([, one]) => one >= 0.01)) {
    row(owner, `${(100 * share).toFixed(1)} %`);
    rest -= share;
  }
  row('all that takes less than 1 %', `${(100 * rest).toFixed(1)} %`);
  const notable = shares.filter(([owner, share]) => owner.startsWith('ours') && share > NOTABLE);
  const list = notable.map(([owner]) => owner.slice('ours: '.length)).join(', ');
  console.log(`\nOf ours above ${100 * NOTABLE} %: ${list || 'nothing'}.\n`);
}
process.exit(0);
