/** 1,000 connections at once, half of them slow (a byte of a header every second): the other half are served. */
import { connect } from 'node:net';
import { percentile, processMb, startService, temporaryFolder } from './service.mjs';

const CONNECTIONS = 1_000;
const service = await startService({ folder: temporaryFolder() });
await service.request('POST', '/restaurants', JSON.stringify({ name: 'Casa' }));
await service.get('/restaurants/1');
const { hostname, port } = new URL(service.url);
const before = processMb(service.pid);
const sockets = await Promise.all(
  Array.from(
    { length: CONNECTIONS },
    () =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => resolve(socket));
        socket.on('error', reject);
      }),
  ),
);
const slow = sockets.slice(0, CONNECTIONS / 2);
const quick = sockets.slice(CONNECTIONS / 2);
let cut = 0;
for (const socket of slow) {
  socket.removeAllListeners('error').on('error', () => {});
  socket.on('close', () => (cut += 1));
  socket.write('GET /restaurants/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ');
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
    socket.write('GET /restaurants/1 HTTP/1.1\r\nHost: x\r\n\r\n');
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
await service.stop();
process.exit(0);
