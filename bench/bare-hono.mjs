/** A Hono route that answers one JSON object and does nothing else: the measure for warm reads. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const body = JSON.parse(process.argv[2]);
const app = new Hono().get('/', (c) => c.json(body));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}/`),
);
