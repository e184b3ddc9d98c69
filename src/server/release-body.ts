/** Lets a connection serve its next request after one whose body was not read to its end. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The HTTP adapter leaves a reader on the body, which pauses it after each chunk. The adapter then discards the rest of
 * the body, but does not get it, and closes the connection 500 ms after the response: under the client's next request.
 */
export function releaseBody(request: IncomingMessage, response: ServerResponse): void {
  response.once('close', () => {
    if (!request.readableEnded) request.removeAllListeners('data');
  });
}
