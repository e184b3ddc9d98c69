/** Starts and stops the HTTP server, and keeps it from clients that are slow, too many, or no HTTP clients at all. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { CommandError } from './expected-error.ts';
import { refuseOnSocket } from './refuse-on-socket.ts';

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, answers what is in flight for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The variable that the port is from, for the message. */
  readonly portVariable?: 'PORT' | 'METRICS_PORT';
  readonly maxConnections?: number;
  /** How long a body may take to arrive, in ms. */
  readonly bodyTimeoutMs?: number;
  /** Paths whose body may take longer, because it is long. */
  readonly slowPaths?: readonly string[];
}

type Fetch = (request: Request) => Response | Promise<Response>;

const HEADERS_TIMEOUT_MS = 10_000;
const SLOW_BODY_TIMEOUT_MS = 600_000;

/** Rejects with a {@link CommandError} when the address is taken or not allowed. */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<HttpServer> {
  const { host, port, maxConnections = 1_024, bodyTimeoutMs = 30_000, slowPaths = [] } = options;
  const listener = getRequestListener(fetch);
  const server = createServer(
    {
      requestTimeout: SLOW_BODY_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      const isSlow = slowPaths.some((path) => request.url?.startsWith(path));
      if (hasBody(request) && !isSlow) limitBodyTime(request, response, bodyTimeoutMs);
      void listener(request, response);
    },
  );
  server.maxConnections = maxConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuseOnSocket(error.code, socket as Socket),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => closeGracefully(server, graceMs),
  };
}

function explain(error: NodeJS.ErrnoException, { host, port, portVariable = 'PORT' }: ListenOptions): Error {
  const where = `${portVariable}=${port} on ${host}`;
  if (error.code === 'EADDRINUSE')
    return new CommandError(`${where} is in use by another process: stop that one, or set ${portVariable}.`);
  if (error.code === 'EACCES')
    return new CommandError(`${where} is not allowed to this user: set ${portVariable} to 1024 or higher.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new CommandError(`HOST=${host} is not an address of this machine (${error.code}).`);
  return error;
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function limitBodyTime(request: IncomingMessage, response: ServerResponse, timeoutMs: number): void {
  const timer = setTimeout(() => {
    if (!response.headersSent) refuseOnSocket('ERR_HTTP_REQUEST_TIMEOUT', request.socket);
  }, timeoutMs);
  const stop = () => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
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
