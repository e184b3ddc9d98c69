/** Limits how many responses may be open at once. */
import type { ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { unavailable } from '../contract/problem.ts';
import type { ClientOf } from './client-address.ts';
import { createClientShares } from './client-shares.ts';

/** More than the explorer pages that one person has open. */
const MAX_STREAMS = 12;

/** For event streams, which do not end by themselves. */
export function createStreamLimit(clientOf: ClientOf, maxStreams = MAX_STREAMS): MiddlewareHandler {
  const shares = createClientShares(maxStreams);
  return async (c, next) => {
    const release = shares.take(clientOf(c));
    if (!release) throw unavailable(`A client may open ${maxStreams} event streams at once.`, 10);
    onceClosed(c, release);
    await next();
  };
}

/** For exports of all clients: each reads the whole catalogue while the database also serves single reads. */
export const createExportLimit = () => limitDownloads(2, '2 exports are running already.');

/** For backups of all clients: each has a copy of the database on its volume until it is downloaded. */
export const createBackupLimit = () => limitDownloads(1, 'Another backup is being made or downloaded.');

function limitDownloads(max: number, rejection: string): MiddlewareHandler {
  let running = 0;
  return async (c, next) => {
    if (running >= max) throw unavailable(rejection, 10);
    running += 1;
    onceClosed(c, () => (running -= 1));
    await next();
  };
}

/** Node emits `close` when the response has been sent and when the client has disconnected. */
function onceClosed(c: Context, listener: () => void): void {
  const { outgoing } = c.env as { outgoing: ServerResponse };
  outgoing.once('close', listener);
}
