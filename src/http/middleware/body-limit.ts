/** Limits the size of a JSON body, and the memory of all bodies that are being received. */
import { isUtf8 } from 'node:buffer';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem, unavailable } from '../contract/problem.ts';
import type { ClientOf } from './client-address.ts';
import { createClientShares } from './client-shares.ts';

/** The rest of a body that is too large is read up to this size, so that the client can read the rejection. */
const MAX_DRAINED_BYTES = 16 * 1024 * 1024;

export interface BodyLimitOptions {
  /** Largest body, in bytes. */
  readonly maxBytes: number;
  /** All bodies that are being received through this middleware together, in bytes. */
  readonly budgetBytes: number;
  /** How much of the budget one client may use, from 0 to 1. */
  readonly clientShare: number;
  readonly clientOf: ClientOf;
}

/**
 * Rejects larger bodies (413), compressed ones (415), those that are not UTF-8 (400), and any body while the budget is
 * in use (503). Waits until the body is complete (Hono keeps it for the route). Add it after the check of the key and
 * before limits of concurrent work, so that a stalled body does not occupy them.
 */
export function createBodyLimit(options: BodyLimitOptions): MiddlewareHandler {
  const { maxBytes, clientShare, clientOf } = options;
  const budgetBytes = Math.max(options.budgetBytes, maxBytes);
  const shares = createClientShares(Math.max(budgetBytes * clientShare, maxBytes));
  let receivingBytes = 0;
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

  return async (c, next) => {
    rejectEncodedBody(c.req.header('content-encoding'));
    const isChunked = c.req.header('transfer-encoding') !== undefined;
    const announced = isChunked ? maxBytes : Number(c.req.header('content-length') ?? 0);
    const reserved = Math.min(announced, maxBytes);
    if (receivingBytes + reserved > budgetBytes) throw tooManyBodies();
    const release = shares.take(clientOf(c), reserved);
    if (!release) throw tooManyBodies();
    receivingBytes += reserved;
    try {
      await limit(c, async () => {
        if (reserved > 0) rejectOtherEncoding(await c.req.arrayBuffer());
        await next();
      });
    } finally {
      receivingBytes -= reserved;
      release();
    }
  };
}

/** A small compressed body can expand to any size. */
function rejectEncodedBody(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim() === '' || encoding.trim().toLowerCase() === 'identity')
    return;
  throw new Problem('unsupported-media-type', 'Send the body uncompressed, without Content-Encoding.', {
    headers: { 'Accept-Encoding': 'identity' },
  });
}

/** Otherwise invalid bytes would be decoded and stored as U+FFFD. */
function rejectOtherEncoding(body: ArrayBuffer): void {
  if (isUtf8(body)) return;
  throw new Problem('malformed-json', 'The body is not valid UTF-8; nothing was stored. Encode it as UTF-8.');
}

const tooManyBodies = () =>
  unavailable('Too many bodies are being received; nothing was stored. Try again later.', 2);

async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let drained = 0;
  if (!body || body.locked) return;
  for await (const chunk of body) {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BYTES) return;
  }
}
