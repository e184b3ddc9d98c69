/**
 * 8 clients ask without a pause for lists that look at all of 100,000 rows: a radius of 20,000 km, a place that nothing
 * has, facets and sorts of both. Goal: p99 of another client's warm reads within 3 × idle.
 */
import { openTarget, tellOutcome, watch } from './attack.mjs';
import { tell } from './goals.mjs';

const ROWS = 100_000;
const CLIENTS = 8;
const SECONDS = 20;
const LONGEST_MS = 30_000;
const paths = [
  '/restaurants?near=-19.9,-43.9&radiusKm=20000',
  '/restaurants?location=zzzz',
  '/restaurants?near=-19.9,-43.9&radiusKm=20000&sort=distance',
  '/restaurants?near=-19.9,-43.9&radiusKm=20000&location=zzzz',
];

const target = await openTarget({ rows: ROWS });
const outcome = await watch(target, async () => {
  const statuses = {};
  const end = performance.now() + SECONDS * 1_000;
  const scan = async (client) => {
    for (let i = client; performance.now() < end; i += 1) {
      const signal = AbortSignal.timeout(LONGEST_MS);
      const status = await fetch(target.url + paths[i % paths.length], { signal }).then(
        async (response) => (await response.text(), response.status),
        () => 0,
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => scan(client)));
  return statuses;
});
const statuses = outcome.result;
let isGood = tellOutcome(
  `${CLIENTS} clients with wide scans of ${ROWS.toLocaleString('en')} rows`,
  target,
  outcome,
  {
    mostTimes: 3,
  },
);
for (const status of Object.keys(statuses)) tell(`scans answered ${status}`, statuses[status]);
const unexpected = Object.keys(statuses).filter((status) => !['200', '503'].includes(status));
isGood = tell('scans with another answer', unexpected.length, 'kinds', { atMost: 0 }) && isGood;
isGood = tell('scans answered 200', statuses[200] ?? 0, '', { atLeast: 1 }) && isGood;
await target.stop();
process.exit(isGood ? 0 : 1);
