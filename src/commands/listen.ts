/** Starts and stops the HTTP server. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, answers what is in flight for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

type Fetch = (request: Request) => Response | Promise<Response>;

/** Rejects with the system's error (EADDRINUSE, EACCES, …) when it cannot listen. */
export async function listen(
  fetch: Fetch,
  { host, port }: { host: string; port: number },
): Promise<HttpServer> {
  const listener = getRequestListener(fetch);
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
    (request, response) => void listener(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => closeGracefully(server, graceMs),
  };
}

async function closeGracefully(server: Server, graceMs: number): Promise<void> {
  // A connection that stays open after its last answer would hold the process until its keep-alive ends.
  server.on('request', (_request, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
