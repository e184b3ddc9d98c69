/** The ChangeFeed port on SQLite: one process serves a database file, so events stay in its memory. */
import type { ChangeFeed, ServiceEvent } from '../../../embedding/change-feed.ts';

/** Events kept for subscribers that reconnect. */
const RETAINED_EVENTS = 256;

export function createChangeFeed(now: () => number = Date.now): ChangeFeed {
  const listeners = new Set<(event: ServiceEvent) => void>();
  const retained: ServiceEvent[] = [];
  // Ids also ascend across a restart.
  let lastId = now() * 1_000;

  return {
    async publish({ type, data }) {
      lastId += 1;
      const event = { id: lastId, type, data };
      retained.push(event);
      if (retained.length > RETAINED_EVENTS) retained.shift();
      for (const listener of listeners) listener(event);
    },
    async subscribe(listener) {
      listeners.add(listener);
      return async () => void listeners.delete(listener);
    },
    listAfter: async (id) => retained.filter((event) => event.id > id),
  };
}
