/**
 * Bounds what one connection can make the server hold. HTTP/1.1 allows a client to send requests without reading the
 * responses; Node parses and starts all of them, so that a few connections can fill the memory.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Requests of one connection that are processed at once. */
const MAX_STARTED = 8;
/**
 * Bytes that the HTTP parser is given at once. It parses all requests in them before it can be stopped: 4 KB hold at
 * most 150 of the smallest requests, about 0.5 MB of objects (64 KB, what Node reads at once: 9 MB per connection).
 */
const SLICE_BYTES = 4_096;

interface Connection {
  readonly waiting: [IncomingMessage, ServerResponse][];
  started: number;
  /** Received and not yet parsed. */
  unparsed: Buffer | undefined;
  /** Reading was paused here, not by Node (which pauses while responses are not read). */
  isHeld: boolean;
  /** The next waiting request is started in the next turn of the event loop. */
  isScheduled: boolean;
  parse: (data: Buffer) => void;
}

/**
 * Starts at most 8 requests of a connection at once, and none while its responses are not read. Further requests wait
 * in order; while any waits, nothing more is parsed or read from the socket. A connection starts one waiting request
 * in a turn of the event loop: many are answered without one, and would delay all other clients.
 */
export function limitPipelining(server: Server, start: Listener): void {
  const connections = new WeakMap<Socket, Connection>();

  server.on('connection', (socket: Socket) => {
    const [parse] = socket.listeners('data') as ((data: Buffer) => void)[];
    if (!parse) return;
    const connection: Connection = {
      waiting: [],
      started: 0,
      unparsed: undefined,
      isHeld: false,
      isScheduled: false,
      parse: parse.bind(socket),
    };
    connections.set(socket, connection);
    socket.off('data', parse);
    socket.on('data', (data: Buffer) => {
      connection.unparsed = connection.unparsed ? Buffer.concat([connection.unparsed, data]) : data;
      parseSlices(socket, connection);
    });
    socket.on('resume', () => parseSlices(socket, connection));
  });

  server.on('request', (request, response) => {
    const connection = connections.get(request.socket);
    if (!connection) return start(request, response);
    if (connection.started === 0 && connection.waiting.length === 0) begin(connection, request, response);
    else {
      connection.waiting.push([request, response]);
      schedule(request.socket, connection);
    }
  });

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    connection.started += 1;
    response.once('close', () => {
      connection.started -= 1;
      if (connection.isHeld || connection.waiting.length > 0) schedule(request.socket, connection);
    });
    start(request, response);
  }

  function schedule(socket: Socket, connection: Connection): void {
    if (connection.isScheduled) return;
    connection.isScheduled = true;
    setImmediate(() => {
      connection.isScheduled = false;
      continueWith(socket, connection);
    });
  }

  function continueWith(socket: Socket, connection: Connection): void {
    if (socket.destroyed) return;
    if (canStart(socket, connection)) {
      const next = connection.waiting.shift();
      if (next) begin(connection, ...next);
    }
    if (connection.waiting.length > 0) {
      if (canStart(socket, connection)) schedule(socket, connection);
      return;
    }
    if (!connection.isHeld) return;
    connection.isHeld = false;
    socket.resume();
  }
}

const canStart = (socket: Socket, { started }: Connection) =>
  started === 0 || (started < MAX_STARTED && !socket.writableNeedDrain);

function parseSlices(socket: Socket, connection: Connection): void {
  while (connection.unparsed && !socket.destroyed && !socket.isPaused()) {
    if (connection.waiting.length > 0) {
      connection.isHeld = true;
      socket.pause();
      return;
    }
    const data = connection.unparsed;
    connection.unparsed = data.length > SLICE_BYTES ? data.subarray(SLICE_BYTES) : undefined;
    connection.parse(data.length > SLICE_BYTES ? data.subarray(0, SLICE_BYTES) : data);
  }
}
