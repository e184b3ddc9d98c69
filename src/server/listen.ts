/** Starts the HTTP server and applies the limits that protect it from slow, idle and excessive clients. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { CommandError } from '../config/expected-error.ts';
import type { RespondFirst } from '../http/warm-read.ts';
import { closeGracefully } from './close-gracefully.ts';
import { defaultBodyRate, limitBodyRate, type BodyRate } from './limit-body-rate.ts';
import { limitConnections } from './limit-connections.ts';
import { limitPipelining } from './limit-pipelining.ts';
import { MAX_HEADER_BYTES, rejectOnSocket, rejectUnreadable, toProblem } from './reject-on-socket.ts';
import { releaseBody } from './release-body.ts';
import { shedLoad, type LoadSheddingOptions } from './shed-load.ts';

export interface HttpServer {
  readonly port: number;
  /** Stops accepting, completes in-flight requests for at most `graceMs`, then closes all connections. */
  close(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The variable that the port is from, for error messages. */
  readonly portVariable?: 'PORT' | 'METRICS_PORT';
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
  /** How long a client may leave its response unread, in ms; Node checks twice, so it takes up to twice as long. */
  readonly unreadTimeoutMs?: number;
  readonly bodyRate?: BodyRate;
  /** Without it every request is started as soon as it is parsed. */
  readonly loadShedding?: LoadSheddingOptions | undefined;
  /** Answers some requests without `fetch`. */
  readonly respondFirst?: RespondFirst | undefined;
}

export type Fetch = (request: Request) => Response | Promise<Response>;

/** A whole request, with a body of any size. */
const REQUEST_TIMEOUT_MS = 600_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Throws {@link CommandError} if the address is in use or not allowed. */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<HttpServer> {
  const { host, port, maxConnections = 1_024, maxConnectionsPerClient = maxConnections } = options;
  const { bodyRate = defaultBodyRate, unreadTimeoutMs = 10_000, respondFirst, loadShedding } = options;
  const server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: 2_000,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  const connections = limitConnections(server, { maxConnections, maxConnectionsPerClient });
  const respond = getRequestListener(fetch, { errorHandler: rejectUnreadable });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await respondFirst?.(request, response)) return;
    await respond(request, response);
  }
  const start = (request: IncomingMessage, response: ServerResponse) => void answer(request, response);
  const admit = loadShedding ? shedLoad(start, loadShedding) : start;
  limitPipelining(server, (request, response) => {
    limitBodyRate(request, response, bodyRate);
    releaseBody(request, response);
    admit(request, response);
  });
  closeUnread(server, unreadTimeoutMs);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else rejectOnSocket(toProblem(error.code), socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) => closeGracefully(server, connections, graceMs),
  };
}

/** Closes connections without progress, except while their response is being computed, which may take longer. */
function closeUnread(server: Server, timeoutMs: number): void {
  server.setTimeout(timeoutMs);
  server.on('request', ({ socket }, response) => {
    response.on('timeout', () => {
      if (socket.writableLength > 0) socket.destroy();
    });
  });
}

function explain(error: NodeJS.ErrnoException, { host, port, portVariable = 'PORT' }: ListenOptions): Error {
  const where = `${portVariable}=${port} on ${host}`;
  if (error.code === 'EADDRINUSE')
    return new CommandError(`${where} is in use by another process: stop it, or set ${portVariable}.`);
  if (error.code === 'EACCES')
    return new CommandError(`This user may not listen on ${where}: set ${portVariable} to 1024 or higher.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new CommandError(`HOST=${host} is not an address of this machine (${error.code}).`);
  return error;
}
