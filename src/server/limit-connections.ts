/** Limits connections in total and per client; a connection that is idle makes room for a new one. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientOfAddress } from '../http/middleware/client-address.ts';
import { createClientShares } from '../http/middleware/client-shares.ts';

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerClient: number;
}

/** A connection counts as idle after this time: a new one may be about to send its request. */
const MIN_IDLE_MS = 1_000;

export function limitConnections(server: Server, limits: ConnectionLimits): void {
  const { maxConnections, maxConnectionsPerClient } = limits;
  const shares = createClientShares(maxConnectionsPerClient);
  // A Map iterates in insertion order, so its first socket has been idle for the longest time.
  const idleSince = new Map<Socket, number>();
  const requests = new WeakMap<Socket, number>();
  let open = 0;

  function closeIdlest(): boolean {
    for (const [socket, since] of idleSince) {
      if (performance.now() - since < MIN_IDLE_MS) return false;
      idleSince.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  server.on('connection', (socket: Socket) => {
    const release = shares.take(clientOfAddress(socket.remoteAddress ?? ''));
    if (!release) {
      socket.destroy();
      return;
    }
    open += 1;
    socket.once('close', () => {
      open -= 1;
      idleSince.delete(socket);
      release();
    });
    if (open > maxConnections && !closeIdlest()) socket.destroy();
    else idleSince.set(socket, performance.now());
  });

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idleSince.delete(socket);
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (requests.get(socket) ?? 1) - 1;
      requests.set(socket, left);
      if (left === 0 && !socket.destroyed) idleSince.set(socket, performance.now());
    });
  });
}
