/** Starts and stops the HTTP server, and keeps it from clients that are slow, too many, or no HTTP clients at all. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { clientOfAddress } from '../http/middleware/client-address.ts';
import { CommandError } from '../config/expected-error.ts';
import { MAX_HEADER_BYTES, rejectOnSocket, rejectUnreadable } from './reject-on-socket.ts';

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
  /** How many of them one client may have. */
  readonly maxConnectionsPerClient?: number;
  /** How long a client may leave its answer unread, in ms; Node looks twice, so that it takes up to twice as long. */
  readonly unreadTimeoutMs?: number;
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
  const { host, port, maxConnections = 1_024, maxConnectionsPerClient = maxConnections } = options;
  const { bodyTimeoutMs = 30_000, unreadTimeoutMs = 10_000, slowPaths = [] } = options;
  const listener = getRequestListener(fetch, { errorHandler: rejectUnreadable });
  const server = createServer(
    {
      requestTimeout: SLOW_BODY_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      const isSlow = request.method === 'POST' && slowPaths.includes(request.url?.split('?', 1)[0] ?? '');
      if (hasBody(request) && !isSlow) limitBodyTime(request, response, bodyTimeoutMs);
      cutWhenUnread(request.socket, response);
      void listener(request, response);
    },
  );
  server.maxConnections = maxConnections;
  server.setTimeout(unreadTimeoutMs);
  limitConnectionsPerClient(server, maxConnectionsPerClient);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    rejectOnSocket(error.code, socket as Socket),
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
    // Whoever was answered and goes on sending has nothing more to get.
    if (response.headersSent) request.socket.destroy();
    else rejectOnSocket('ERR_HTTP_REQUEST_TIMEOUT', request.socket);
  }, timeoutMs);
  const stop = () => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
}

/** A silent connection is closed by Node, except while its answer is being made: that may take its time. */
function cutWhenUnread(socket: Socket, response: ServerResponse): void {
  response.on('timeout', () => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

function limitConnectionsPerClient(server: Server, maxConnections: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const client = clientOfAddress(socket.remoteAddress ?? '');
    const count = (open.get(client) ?? 0) + 1;
    open.set(client, count);
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
    if (count > maxConnections) socket.destroy();
  });
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
