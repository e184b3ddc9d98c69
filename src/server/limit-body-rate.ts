/** Rejects requests whose body arrives too slowly: each one holds a connection and the memory of what has arrived. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rejectOnSocket, requestTimeout } from './reject-on-socket.ts';

export interface BodyRate {
  /** The mean rate that a body must reach, in bytes per second. */
  readonly minBytesPerSecond: number;
  /** No rate is required before this time, in ms. */
  readonly graceMs: number;
}

/** A body of 64 KB may take up to 32 s. */
export const defaultBodyRate: BodyRate = { minBytesPerSecond: 2_048, graceMs: 5_000 };

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

export function limitBodyRate(
  request: IncomingMessage,
  response: ServerResponse,
  { minBytesPerSecond, graceMs }: BodyRate,
): void {
  if (!hasBody(request)) return;
  const { socket } = request;
  const startedAt = performance.now();
  const bytesBefore = socket.bytesRead;
  const timer = setInterval(check, graceMs);
  const stop = () => clearInterval(timer);
  request.once('end', stop).once('close', stop);

  function check(): void {
    // Data that has arrived and waits for the route is not the client's delay.
    if (request.complete || (request.readableLength > 0 && !response.headersSent)) return;
    const seconds = (performance.now() - startedAt) / 1_000;
    if (socket.bytesRead - bytesBefore >= minBytesPerSecond * seconds) return;
    stop();
    // The client already has its response but keeps sending: there is nothing to answer.
    if (response.headersSent) socket.destroy();
    else rejectOnSocket(requestTimeout(), socket);
  }
}
