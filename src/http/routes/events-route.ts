/** GET /events: server-sent events. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EventHub } from './event-hub.ts';
import { lastEventIdHeader } from '../contract/header-parameters.ts';
import { unavailable } from '../contract/problem.ts';
import { withPolicies } from '../contract/router.ts';
import { problems } from '../contract/schemas.ts';
import type { RoutePolicies } from '../middleware/route-policies.ts';

const route = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'listenToEvents',
  tags: ['Operation'],
  summary: 'Server-sent events: embedded, failed, model, backfill',
  description:
    '`embedded` {restaurantId, origin, fit?, position?} (see /map), `failed` {restaurantId, reason}, `model` {state}, `backfill` (its progress). ' +
    'A comment every 15 s keeps the connection alive. A client that reads too slowly is disconnected; with ' +
    '`Last-Event-ID` it receives the events it missed, up to the latest 256.',
  parameters: [lastEventIdHeader],
  responses: {
    200: { description: 'An event stream', content: { 'text/event-stream': { schema: z.string() } } },
    400: problems[400],
    503: problems[503],
  },
});

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

export function addEventsRoute(
  router: OpenAPIHono,
  { events, policies }: { readonly events: EventHub; readonly policies: RoutePolicies },
) {
  return router.openapi(withPolicies(route, policies.limitStreams), (c) => {
    const lastEventId = /^\d{1,16}$/.exec(c.req.header('last-event-id') ?? '')?.[0];
    const stream = events.listen(lastEventId === undefined ? undefined : Number(lastEventId));
    if (!stream) throw unavailable('Too many clients are listening.', 10);
    // The types of documented routes know JSON and plain text responses only.
    return c.body(stream, 200, streamHeaders) as never;
  });
}
