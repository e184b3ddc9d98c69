/** Answers, as a problem, what never became a request: broken HTTP, a bad Host, headers too large, a client too slow. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '@hono/node-server';

/** Holds a query of 10,000 characters in any script: percent-encoded, one takes up to nine bytes. */
export const MAX_HEADER_BYTES = 98_304;

const rejections: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers-too-large',
    detail: `Address and headers together must not be larger than ${MAX_HEADER_BYTES} bytes.`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request-timeout',
    detail: 'The request took too long to arrive; nothing was stored.',
  },
};

const malformed = { status: 400, code: 'malformed-request', detail: 'This is not a valid HTTP request.' };

/** `reason` is the code of Node's error. */
function rejection(reason: string | undefined) {
  const { status, code, detail } = rejections[reason ?? ''] ?? malformed;
  const title = STATUS_CODES[status] ?? '';
  const type = `urn:tastematch:problem:${code}`;
  const requestId = randomUUID();
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'X-Request-Id': requestId },
    body: JSON.stringify({ type, title, status, code, detail, requestId }),
  };
}

/** `reason` is the code of Node's error. Ends the connection. */
export function rejectOnSocket(reason: string | undefined, socket: Socket): void {
  if (!socket.writable || reason === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, headers, body } = rejection(reason);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers a request whose address or Host header cannot be read; any other error is the application's own. */
export function rejectUnreadable(error: unknown): Response {
  if (!(error instanceof RequestError)) return new Response(null, { status: 500 });
  const { body, ...init } = rejection(undefined);
  return new Response(body, init);
}
