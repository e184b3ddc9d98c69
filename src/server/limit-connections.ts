/** Limits connections in total and per client; a connection that is idle makes room for a new one. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientOfAddress } from '../http/middleware/client-address.ts';
import { createClientShares } from '../http/middleware/client-shares.ts';

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerClient: number;
}

/** When fewer places are free, the connection that has been idle for the longest time is closed. */
const FREE_SHARE = 1 / 16;

export function limitConnections(server: Server, limits: ConnectionLimits): void {
  const { maxConnections, maxConnectionsPerClient } = limits;
  const shares = createClientShares(maxConnectionsPerClient);
  // A Set iterates in insertion order, so the first socket is the one that has been idle for the longest time.
  const idle = new Set<Socket>();
  const requests = new WeakMap<Socket, number>();
  const closeIdlestAt = Math.max(1, maxConnections - Math.ceil(maxConnections * FREE_SHARE));
  let open = 0;
  server.maxConnections = maxConnections;

  server.on('connection', (socket: Socket) => {
    const release = shares.take(clientOfAddress(socket.remoteAddress ?? ''));
    if (!release) {
      socket.destroy();
      return;
    }
    open += 1;
    if (open > closeIdlestAt) {
      const [idlest] = idle;
      idlest?.destroy();
    }
    idle.add(socket);
    socket.once('close', () => {
      open -= 1;
      idle.delete(socket);
      release();
    });
  });

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (requests.get(socket) ?? 1) - 1;
      requests.set(socket, left);
      if (left === 0 && !socket.destroyed) idle.add(socket);
    });
  });
}
