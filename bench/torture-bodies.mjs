/**
 * A client without a key keeps 256 bodies under way on `POST /recommendations` that never end, while another one
 * writes with a key. Goals: every keyed write is answered 201, warm reads stay within 5 × idle, memory within +40 MB.
 */
import { keepSockets, notOk, openTarget, p99, tellOutcome, watch } from './attack.mjs';
import { tell } from './goals.mjs';
import { setTimeout as wait } from 'node:timers/promises';

const BODIES = 256;
const SECONDS = 20;
/** Below the largest body that is accepted. */
const SENT_BYTES = 60_000;
const head =
  'POST /recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
const stalled = `${head}${SENT_BYTES.toString(16)}\r\n${' '.repeat(SENT_BYTES)}\r\n`;

const target = await openTarget({ environment: { API_KEY: 'torture' } });
const outcome = await watch(target, async () => {
  let isOver = false;
  const writes = [];
  const writing = (async () => {
    while (!isOver) {
      const body = JSON.stringify({ name: `Casa ${writes.length}` });
      const { status, ms } = await target.request('POST', '/restaurants', body);
      writes.push({ status, ms });
      await wait(20);
    }
  })();
  const { connections } = await keepSockets(target, BODIES, SECONDS, (socket) => {
    socket.resume().write(stalled);
  });
  isOver = true;
  await writing;
  return { writes, connections };
});
const { writes, connections } = outcome.result;
let isGood = tellOutcome(`${BODIES} stalled bodies, renewed when rejected`, target, outcome);
tell('bodies begun', connections);
isGood = tell('keyed writes not answered 201', notOk(writes), `of ${writes.length}`, { atMost: 0 }) && isGood;
tell('keyed writes, p99', p99(writes), 'ms');
await target.stop();
process.exit(isGood ? 0 : 1);
