/** Limits connections in total and per client; a connection that is idle makes room for a new one. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientOfAddress } from '../http/middleware/client-address.ts';
import { createClientShares } from '../http/middleware/client-shares.ts';

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerClient: number;
}

export interface Connections {
  /** Closes connections that have been idle for so long; also those that never sent a request, which Node counts as busy. */
  closeIdle(minIdleMs: number): void;
}

export function limitConnections(server: Server, limits: ConnectionLimits): Connections {
  const { maxConnections, maxConnectionsPerClient } = limits;
  // A share of everything is no share: all clients of a proxy have one address, and idle connections must make room.
  const hasShares = maxConnectionsPerClient < maxConnections;
  const shares = createClientShares(hasShares ? maxConnectionsPerClient : Infinity);
  // A Map iterates in insertion order, so its first socket has been idle for the longest time.
  const idleSince = new Map<Socket, number>();
  const requests = new WeakMap<Socket, number>();
  let open = 0;

  /** A client sends its request as soon as it is connected, so a place that was just taken is not worth more than a new one. */
  function closeIdlest(): boolean {
    const [socket] = idleSince.keys();
    if (!socket) return false;
    close(socket);
    return true;
  }

  function close(socket: Socket): void {
    idleSince.delete(socket);
    socket.destroy();
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

  return {
    closeIdle(minIdleMs) {
      const latest = performance.now() - minIdleMs;
      for (const [socket, since] of idleSince) if (since <= latest) close(socket);
    },
  };
}
