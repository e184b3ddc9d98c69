/** Stops a server without losing a response. */
import type { Server } from 'node:http';
import type { Connections } from './limit-connections.ts';

const CLOSE_IDLE_EVERY_MS = 50;
/** A request that the client sent before the server stopped accepting arrives within this time. */
const MIN_IDLE_MS = 500;

/** Accepts no more connections, completes in-flight requests for at most `graceMs`, then closes what is left. */
export async function closeGracefully(
  server: Server,
  connections: Connections,
  graceMs: number,
): Promise<void> {
  // Otherwise a connection stays open after its last response until its keep-alive timeout.
  server.on('request', (_request, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeIdleConnections();
  const idle = setInterval(() => {
    server.closeIdleConnections();
    connections.closeIdle(MIN_IDLE_MS);
  }, CLOSE_IDLE_EVERY_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
