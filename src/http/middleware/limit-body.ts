/** How large a JSON body may be, and how many bytes of bodies may be on their way at once. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from '../contract/problem.ts';

/** Bodies that have been promised or begun, together: a client that sends slowly must not hold the memory of all. */
const MAX_BYTES_IN_FLIGHT = 16 * 1024 * 1024;
/** A client that is still sending gets to read the rejection when what is left is not more than this. */
const MAX_DRAINED_BYTES = 16 * 1024 * 1024;

/**
 * Refuses larger bodies (413), and any body while others fill the budget (503). Waits until the body is there (Hono
 * keeps it for the route), so it stands behind the key, and before what limits the work: a body that stalls must take
 * no place there. GET and HEAD pass: nothing reads their bodies.
 */
export function limitBody(
  maxBytes: number,
  maxBytesInFlight = Math.max(MAX_BYTES_IN_FLIGHT, maxBytes),
): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError: async (c) => {
      await drain(c.req.raw.body);
      throw new Problem(
        'body-too-large',
        `The body must not be larger than ${maxBytes} bytes; nothing was stored.`,
      );
    },
  });
  let inFlight = 0;

  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const hasUnknownLength = c.req.header('transfer-encoding') !== undefined;
    const promised = hasUnknownLength ? maxBytes : Number(c.req.header('content-length') ?? 0);
    const reserved = Math.min(promised, maxBytes);
    if (inFlight + reserved > maxBytesInFlight) {
      throw new Problem('unavailable', 'Too many bodies are on their way; nothing was stored.', {
        headers: { 'Retry-After': '2' },
      });
    }
    inFlight += reserved;
    try {
      await limit(c, async () => {
        if (reserved > 0) await c.req.arrayBuffer();
        await next();
      });
    } finally {
      inFlight -= reserved;
    }
  };
}

async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let drained = 0;
  if (!body || body.locked) return;
  for await (const chunk of body) {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BYTES) return;
  }
}
