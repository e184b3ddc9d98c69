/** The ChangeFeed port on PostgreSQL: events are stored in a table and announced by LISTEN/NOTIFY. */
import type pg from 'pg';
import type { ChangeFeed, ServiceEvent } from '../../../embedding/change-feed.ts';
import type { Database, Queries } from '../connection/database.ts';

/** Events kept for subscribers that reconnect. */
const RETAINED_EVENTS = 1_000;
const CHANNEL = 'tastematch';
const RECONNECT_MS = 500;
/** Ids are committed in ascending order: a reader that has seen one has seen all earlier ones. */
const lockEvents = 'SELECT pg_advisory_xact_lock(2053075974)';

export interface PostgresChangeFeed extends ChangeFeed {
  close(): Promise<void>;
}

type NewEvent = Pick<ServiceEvent, 'type' | 'data'>;

export function createChangeFeed(database: Database): PostgresChangeFeed {
  const listeners = new Set<(event: ServiceEvent) => void>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let reconnectTimer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let lastSeen: number | undefined;
  let delivery = Promise.resolve();
  const waiting: NewEvent[] = [];
  let storing: Promise<void> | undefined;

  async function deliver(): Promise<void> {
    const events = await listEvents(database, lastSeen ?? 0);
    for (const event of events) {
      lastSeen = event.id;
      for (const listener of listeners) listener(event);
    }
  }

  function deliverSoon(): void {
    delivery = delivery.then(deliver).catch(() => {});
  }

  function reconnectSoon(): void {
    client = undefined;
    if (isClosed || reconnectTimer) return;
    reconnectTimer = setTimeout(() => {
      reconnectTimer = undefined;
      start().catch(reconnectSoon);
    }, RECONNECT_MS);
    reconnectTimer.unref();
  }

  async function start(): Promise<void> {
    if (client || isClosed) return;
    connecting ??= connect().finally(() => (connecting = undefined));
    await connecting;
  }

  async function connect(): Promise<void> {
    const own = await database.connect();
    own.on('end', () => {
      if (client === own) reconnectSoon();
    });
    own.on('notification', deliverSoon);
    await own.query(`LISTEN ${CHANNEL}`);
    client = own;
    lastSeen ??=
      (await database.row<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM events'))?.id ?? 0;
    // Notifications were missed while there was no connection.
    deliverSoon();
  }

  /** Events published during a transaction are stored together by the next one. */
  async function storeWaiting(): Promise<void> {
    await Promise.resolve();
    while (waiting.length > 0) {
      const events = waiting.splice(0);
      await database.transaction(async (queries) => {
        await queries.run(lockEvents);
        await storeEvents(queries, events);
      });
    }
  }

  start().catch(reconnectSoon);

  return {
    publish(event) {
      waiting.push(event);
      storing ??= storeWaiting().finally(() => (storing = undefined));
      return storing;
    },
    async subscribe(listener) {
      listeners.add(listener);
      // Without a connection it starts when there is one.
      await start().catch(reconnectSoon);
      return async () => void listeners.delete(listener);
    },
    listAfter: (id) => listEvents(database, id),
    async close() {
      isClosed = true;
      clearTimeout(reconnectTimer);
      await storing?.catch(() => {});
      await connecting?.catch(() => {});
      await client?.end().catch(() => {});
      await delivery;
    },
  };
}

async function storeEvents(queries: Queries, events: readonly NewEvent[]): Promise<void> {
  await queries.run(
    `INSERT INTO events (type, data)
     SELECT e.type, e.data::json FROM unnest(:types::text[], :data::text[]) WITH ORDINALITY AS e (type, data, place)
     ORDER BY e.place`,
    { types: events.map(({ type }) => type), data: events.map(({ data }) => JSON.stringify(data)) },
  );
  await queries.run(`DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ${RETAINED_EVENTS}`);
  await queries.run(`NOTIFY ${CHANNEL}`);
}

function listEvents(queries: Queries, after: number): Promise<ServiceEvent[]> {
  return queries.rows<ServiceEvent>('SELECT id, type, data FROM events WHERE id > :after ORDER BY id', {
    after,
  });
}
