/**
 * Clients that send thousands of requests at once and never read an answer: 4 connections × 1,400, then 20 × 20,000.
 * Goals: the service grows by 20 MB at most and answers every `/healthz` within a second, warm reads of others stay
 * within 5 × idle.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openSockets, openTarget, tellOutcome, watch } from './attack.mjs';

const SECONDS = 20;
const target = await openTarget();
let isGood = true;
for (const [sockets, requests] of [
  [4, 1_400],
  [20, 20_000],
]) {
  const bytes = 'GET /restaurants/1 HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests);
  const outcome = await watch(target, async () => {
    const opened = await openSockets(target, sockets);
    for (const socket of opened) socket.pause().write(bytes);
    await wait(SECONDS * 1_000);
    for (const socket of opened) socket.destroy();
  });
  const what = `${sockets} connections × ${requests.toLocaleString('en')} requests, never read`;
  isGood = tellOutcome(what, target, outcome, { mostMb: 20, mostHealthMs: 1_000 }) && isGood;
}
await target.stop();
process.exit(isGood ? 0 : 1);
