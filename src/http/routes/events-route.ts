/** GET /events. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EventHub } from './event-hub.ts';
import { lastEventIdHeader } from '../contract/header-parameters.ts';
import { Problem } from '../contract/problem.ts';
import { problems } from '../contract/schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'listenToEvents',
  tags: ['Operation'],
  summary: 'Server-sent events: embedded, failed, model, backfill',
  description:
    '`embedded` {restaurantId, origin, fit?, position?} (see /map), `failed` {restaurantId, reason}, `model` {state}, `backfill` (its progress). ' +
    'A comment every 15 s keeps the connection alive. A listener that reads too slowly is cut off; with ' +
    '`Last-Event-ID` it gets what it has missed, as far as the last 256 events go.',
  parameters: [lastEventIdHeader],
  responses: {
    200: { description: 'A stream', content: { 'text/event-stream': { schema: z.string() } } },
    400: problems[400],
    503: problems[503],
  },
});

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

export function addEventsRoute(router: OpenAPIHono, { events }: { readonly events: EventHub }) {
  return router.openapi(route, (c) => {
    const lastEventId = /^\d{1,16}$/.exec(c.req.header('last-event-id') ?? '')?.[0];
    const stream = events.listen(lastEventId === undefined ? undefined : Number(lastEventId));
    if (!stream) {
      throw new Problem('unavailable', 'Too many listeners already.', { headers: { 'Retry-After': '10' } });
    }
    // The types of a documented route know answers in JSON and plain text only.
    return c.body(stream, 200, streamHeaders) as never;
  });
}
