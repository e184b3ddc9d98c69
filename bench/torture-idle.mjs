/**
 * 1,200 connections that send nothing, more than the service accepts, replaced a second after they are closed, while another
 * client opens a new connection for every request. Goals: all of its requests are answered, `/healthz` within a second;
 * memory within +40 MB.
 */
import { keepSockets, openTarget, tellOutcome, watch } from './attack.mjs';
import { tell } from './goals.mjs';

const CONNECTIONS = 1_200;
const SECONDS = 20;
const target = await openTarget({ connection: 'new' });
const outcome = await watch(target, () =>
  keepSockets(target, CONNECTIONS, SECONDS, (socket) => socket.resume()),
);
const isGood = tellOutcome(
  `${CONNECTIONS} idle connections, a new client for each request`,
  target,
  outcome,
  {
    mostHealthMs: 1_000,
  },
);
tell('idle connections opened', outcome.result.connections);
await target.stop();
process.exit(isGood ? 0 : 1);
