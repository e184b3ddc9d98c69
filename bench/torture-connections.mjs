/**
 * 1,000 connections at once, half of them slow (a byte of a header every second): the other half are served.
 * Then 900 bodies that stall, and clients that do not read, on all connections but one.
 */
import { connect } from 'node:net';
import { percentile, processMb, startService, temporaryFolder } from './service.mjs';

const CONNECTIONS = 1_000;
const service = await startService({ folder: temporaryFolder() });
await service.request('POST', '/restaurants', JSON.stringify({ name: 'Casa' }));
await service.get('/restaurants/1');
const { hostname, port } = new URL(service.url);
const before = processMb(service.pid);
const openSocket = () =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.on('error', reject);
  });
const openSockets = (count) => Promise.all(Array.from({ length: count }, openSocket));
const sockets = await openSockets(CONNECTIONS);
const slow = sockets.slice(0, CONNECTIONS / 2);
const quick = sockets.slice(CONNECTIONS / 2);
let cut = 0;
for (const socket of slow) {
  socket.removeAllListeners('error').on('error', () => {});
  socket.on('close', () => (cut += 1));
  socket.write('GET /restaurants/1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
}
const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('x')), 1_000);

const ask = (socket) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const onClose = () => reject(new Error('closed'));
    socket.once('close', onClose);
    socket.once('data', (chunk) => {
      socket.off('close', onClose);
      resolve({ ok: chunk.toString().startsWith('HTTP/1.1 200'), ms: performance.now() - startedAt });
    });
    socket.write('GET /restaurants/1 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
const times = [];
for (let round = 0; round < 20; round += 1) {
  const answers = await Promise.all(quick.map(ask));
  if (answers.some(({ ok }) => !ok)) throw new Error('an answer is not 200');
  times.push(...answers.map(({ ms }) => ms));
}
const during = processMb(service.pid);
console.log(
  `${CONNECTIONS / 2} quick clients, 20 requests each at once: all 200, p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms`,
);
while (cut < slow.length) await new Promise((resolve) => setTimeout(resolve, 200));
clearInterval(drip);
for (const socket of quick) socket.destroy();
await new Promise((resolve) => setTimeout(resolve, 1_000));
for (let i = 0; i < 3_000; i += 1) await service.get('/restaurants/1');
console.log(
  `all ${slow.length} slow ones were cut after their time; resident memory before / during / after: ${before.toFixed(0)} / ${during.toFixed(0)} / ${processMb(service.pid).toFixed(0)} MB`,
);

const anonymous = () => processMb(service.pid, 'RssAnon').toFixed(0);
const body = `POST /recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${(60_000).toString(16)}\r\n${' '.repeat(60_000)}\r\n`;
const anonymousBefore = anonymous();
const stalled = await openSockets(900);
let refused = 0;
for (const socket of stalled) {
  socket.removeAllListeners('error').on('error', () => {});
  socket.on('data', (chunk) => (refused += chunk.toString().startsWith('HTTP/1.1 503') ? 1 : 0));
  socket.write(body);
}
const ends = stalled.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
while (refused < 900 - 64) await new Promise((resolve) => setTimeout(resolve, 100));
const anonymousDuring = anonymous();
if ((await service.get('/restaurants/1')).status !== 200) throw new Error('a read was not answered');
await Promise.all(ends);
for (let i = 0; i < 3_000; i += 1) await service.get('/restaurants/1');
console.log(
  `900 bodies of 60 KB that stall: ${refused} refused with 503, the others cut after their time; anonymous memory before / during / after: ${anonymousBefore} / ${anonymousDuring} / ${anonymous()} MB`,
);
await service.stop();

const full = await startService({ folder: temporaryFolder(), environment: { MAX_CONNECTIONS: '9' } });
const target = new URL(full.url);
const silent = await Promise.all(
  Array.from(
    { length: 9 },
    () =>
      new Promise((resolve) => {
        const socket = connect(Number(target.port), target.hostname, () => resolve(socket));
        socket.on('error', () => {}).pause();
      }),
  ),
);
const asset = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n';
for (const socket of silent) socket.write(asset.repeat(8));
const lockedAt = performance.now();
while (
  !(await full.get('/healthz').then(
    ({ status }) => status === 200,
    () => false,
  ))
)
  await new Promise((resolve) => setTimeout(resolve, 250));
console.log(
  `9 of 9 connections that do not read: room again after ${((performance.now() - lockedAt) / 1_000).toFixed(0)} s`,
);
await full.stop();
process.exit(0);
