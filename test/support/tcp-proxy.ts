/** A TCP proxy that can go silent, as a network does that drops every packet. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { afterwards } from './service.ts';

export interface TcpProxy {
  readonly port: number;
  /** Nothing gets through any more, and no connection is closed. */
  cut(): void;
  /** New connections get through again; those that were cut stay silent. */
  restore(): void;
}

export async function startProxy(t: TestContext, targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => {});
      if (isCut) socket.pause();
    }
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
    if (isCut) return;
    client.pipe(target);
    target.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(t, async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: () => void (isCut = false),
  };
}
