/** Answers what Node rejects before there is a request, with a problem: malformed HTTP, large headers, slow requests. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '@hono/node-server';
import { Problem, renderProblem } from '../http/contract/problem.ts';

/** Enough for a query of 10,000 characters in any script, each up to nine bytes when percent-encoded. */
export const MAX_HEADER_BYTES = 98_304;

const headersTooLarge = () =>
  new Problem('headers-too-large', `URL and headers together must not exceed ${MAX_HEADER_BYTES} bytes.`);
const malformed = () => new Problem('malformed-request', 'This is not a valid HTTP request.');
export const requestTimeout = () =>
  new Problem('request-timeout', 'The request took too long to arrive; nothing was stored.');

/** `code` is that of Node's `clientError`. */
export function toProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return headersTooLarge();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout();
  return malformed();
}

/** Sends the problem, if the socket can still be written to, and closes the connection. */
export function rejectOnSocket(problem: Problem, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const { status, headers, body } = renderProblem(problem, requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** For errors before the application: an invalid URL or Host header. */
export function rejectUnreadable(error: unknown): Response {
  if (!(error instanceof RequestError)) return new Response(null, { status: 500 });
  const requestId = randomUUID();
  const { status, headers, body } = renderProblem(malformed(), requestId);
  return new Response(body, { status, headers: { ...headers, 'X-Request-Id': requestId } });
}
