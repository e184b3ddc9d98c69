/** The response to a request that is rejected before any work is done for it: everything but its id is prepared. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { renderProblem, unavailable } from '../http/contract/problem.ts';
import { secureHeaders } from '../http/middleware/response-headers.ts';

const RETRY_AFTER_SECONDS = 1;
const ID = '00000000-0000-4000-8000-000000000000';
const { status, headers, body } = renderProblem(
  unavailable('The service is overloaded; nothing was done.', RETRY_AFTER_SECONDS),
  ID,
);
const [beforeId = '', afterId = ''] = body.split(ID);
const fixedHeaders = [
  ...Object.entries(headers).flat(),
  ...secureHeaders.flat(),
  'Content-Length',
  String(Buffer.byteLength(body)),
];

/** `headersOfRequest` depend on the request: names and values in turn. */
export function rejectOverloaded(response: ServerResponse, headersOfRequest: readonly string[]): void {
  const requestId = randomUUID();
  response.writeHead(status, [...fixedHeaders, ...headersOfRequest, 'X-Request-Id', requestId]);
  response.end(beforeId + requestId + afterId);
}
