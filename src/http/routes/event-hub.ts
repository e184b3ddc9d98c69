/** Server-sent events: sends events of the service to all listeners without waiting for slow ones. */

import type { ChangeFeed, ServiceEvent } from '../../embedding/change-feed.ts';

export type NewEvent = Pick<ServiceEvent, 'type' | 'data'>;

/** `at`: when it was delivered here, in ms since the epoch. */
export interface RecentEvent extends ServiceEvent {
  readonly at: number;
}

export interface EventHub {
  /** Does not wait until the event is stored; a failure is passed to `onError`. */
  publish(event: NewEvent): void;
  /** The latest events of all processes, the latest first. */
  recent(limit: number): RecentEvent[];
  /**
   * The event stream of one listener, beginning with the retained events after `lastEventId`; undefined when there
   * are too many listeners.
   */
  listen(lastEventId: number | undefined): ReadableStream<Uint8Array> | undefined;
  listeners(): number;
  /** Ends every stream, so that the server can close. */
  close(): void;
}

/** Events delivered while a listener that reconnects is still receiving the earlier ones. */
const MAX_REMEMBERED = 256;
/** Messages queued for a slow listener; with more it is disconnected and can reconnect with Last-Event-ID. */
const MAX_WAITING = 64;
const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();
type Listener = ReadableStreamDefaultController<Uint8Array>;

export interface EventHubOptions {
  readonly changes: ChangeFeed;
  readonly onError: (error: Error) => void;
  readonly maxListeners?: number;
}

export function createEventHub({ changes, onError, maxListeners = 100 }: EventHubOptions): EventHub {
  const listeners = new Set<Listener>();
  /** Number of listeners, including those that still receive earlier events. */
  const open = new Set<Listener>();
  const remembered: RecentEvent[] = [];
  let isClosed = false;

  function send(listener: Listener, bytes: Uint8Array): void {
    if ((listener.desiredSize ?? 0) <= -MAX_WAITING) drop(listener);
    else listener.enqueue(bytes);
  }

  function drop(listener: Listener): void {
    listeners.delete(listener);
    if (open.delete(listener)) listener.close();
  }

  const subscription = changes.subscribe((event) => {
    remembered.push({ ...event, at: Date.now() });
    if (remembered.length > MAX_REMEMBERED) remembered.shift();
    const bytes = encode(event);
    for (const listener of listeners) send(listener, bytes);
  });
  subscription.catch(onError);

  /** The events that the listener missed, then those delivered while these were read. */
  async function catchUp(listener: Listener, lastEventId: number): Promise<void> {
    let lastId = lastEventId;
    const enqueue = (event: ServiceEvent) => {
      if (event.id <= lastId || !open.has(listener)) return;
      listener.enqueue(encode(event));
      lastId = event.id;
    };
    (await changes.listAfter(lastEventId)).forEach(enqueue);
    remembered.forEach(enqueue);
    if (open.has(listener)) listeners.add(listener);
  }

  const beat = encoder.encode(': alive\n\n');
  const heartbeat = setInterval(() => {
    for (const listener of listeners) send(listener, beat);
  }, HEARTBEAT_MS).unref();

  return {
    publish(event) {
      if (!isClosed) changes.publish(event).catch(onError);
    },
    listen(lastEventId) {
      if (isClosed || open.size >= maxListeners) return undefined;
      let own: Listener;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            open.add(own);
            own.enqueue(encoder.encode('retry: 2000\n\n'));
            if (lastEventId === undefined) listeners.add(own);
            // Disconnected before it got what it missed, the client reconnects with the same Last-Event-ID.
            else catchUp(own, lastEventId).catch(() => drop(own));
          },
          cancel() {
            open.delete(own);
            listeners.delete(own);
          },
        },
        new CountQueuingStrategy({ highWaterMark: 1 }),
      );
    },
    recent: (limit) => remembered.slice(-limit).toReversed(),
    listeners: () => open.size,
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const listener of open) drop(listener);
      subscription.then((unsubscribe) => unsubscribe()).catch(() => {});
    },
  };
}

function encode({ id, type, data }: ServiceEvent): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}
