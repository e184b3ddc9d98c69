/** Server-sent events: sends what happens in the service to all listeners, without waiting for slow ones. */

/** `data` is sent as JSON. */
export interface ServiceEvent {
  readonly type: 'embedded' | 'failed' | 'model' | 'backfill';
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventHub {
  publish(event: ServiceEvent): void;
  /**
   * The event stream of one listener, beginning with the remembered events after `lastEventId`; undefined when there
   * are too many listeners.
   */
  listen(lastEventId: number | undefined): ReadableStream<Uint8Array> | undefined;
  listeners(): number;
  /** Ends every stream, so that the server can close. */
  close(): void;
}

/** Events that a listener can receive after it reconnects. */
const REMEMBERED = 256;
/** Messages queued for a slow listener; with more it is disconnected and can reconnect with Last-Event-ID. */
const MAX_WAITING = 64;
const HEARTBEAT_MS = 15_000;

const encoder = new TextEncoder();
type Listener = ReadableStreamDefaultController<Uint8Array>;

export function createEventHub({ maxListeners = 100 } = {}): EventHub {
  const listeners = new Set<Listener>();
  const remembered: { id: number; bytes: Uint8Array }[] = [];
  // Ids also grow across restarts, so that Last-Event-ID from before a restart works.
  let lastId = Date.now() * 1_000;
  let isClosed = false;

  function send(listener: Listener, bytes: Uint8Array): void {
    if ((listener.desiredSize ?? 0) <= -MAX_WAITING) drop(listener);
    else listener.enqueue(bytes);
  }

  function drop(listener: Listener): void {
    if (!listeners.delete(listener)) return;
    listener.close();
  }

  const beat = encoder.encode(': alive\n\n');
  const heartbeat = setInterval(() => {
    for (const listener of listeners) send(listener, beat);
  }, HEARTBEAT_MS).unref();

  return {
    publish({ type, data }) {
      if (isClosed) return;
      lastId += 1;
      const bytes = encoder.encode(`id: ${lastId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      remembered.push({ id: lastId, bytes });
      if (remembered.length > REMEMBERED) remembered.shift();
      for (const listener of listeners) send(listener, bytes);
    },
    listen(lastEventId) {
      if (isClosed || listeners.size >= maxListeners) return undefined;
      let own: Listener;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            listeners.add(own);
            own.enqueue(encoder.encode('retry: 2000\n\n'));
            if (lastEventId === undefined) return;
            for (const { id, bytes } of remembered) if (id > lastEventId) own.enqueue(bytes);
          },
          cancel: () => void listeners.delete(own),
        },
        new CountQueuingStrategy({ highWaterMark: 1 }),
      );
    },
    listeners: () => listeners.size,
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const listener of listeners) drop(listener);
    },
  };
}
