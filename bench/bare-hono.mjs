/**
 * Hono routes without anything else, as measures for warm requests, each in a process of its own: one that returns a
 * JSON object, and one that reads the row of a restaurant from SQLite and sends the headers that the service sends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import Database from 'better-sqlite3';
import { Hono } from 'hono';
import { temporaryFolder } from './service.mjs';

const self = fileURLToPath(import.meta.url);

/** The columns of a restaurant with its embedding: what one read of the service selects, without its other cases. */
const SELECT = `
  SELECT r.id, r.external_id AS externalId, r.name, r.cuisine_type AS cuisineType, r.description, r.rating,
         r.price_level AS priceLevel, r.location, r.latitude, r.longitude, r.attributes, r.created_at AS createdAt,
         r.updated_at AS updatedAt, r.version, m.model, e.created_at AS embeddedAt
  FROM restaurants r
  LEFT JOIN embeddings e ON e.restaurant_id = r.id
  LEFT JOIN model_versions m ON m.id = e.model_version_id
  WHERE r.id = ?`;

async function start(instructions, before) {
  const file = join(temporaryFolder(), 'instructions.json');
  writeFileSync(file, JSON.stringify(instructions));
  const child = spawn('/bin/sh', ['-c', `${before}; exec "$0" "$@"`, process.execPath, self, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: String(line).trim(), stop: () => child.kill() };
}

/** `before` is a shell command that runs in the process before it starts. */
export const startBareRoute = (body, before) => start({ body }, before);

/** The same restaurant and headers as a response of the service. */
export const startBareRead = (databasePath, headers, before) => start({ databasePath, headers }, before);

function createReadRoute({ databasePath, headers }) {
  const database = new Database(databasePath, { readonly: true });
  const select = database.prepare(SELECT);
  return new Hono().get('/restaurants/:id', (c) => {
    const { model, embeddedAt, ...restaurant } = select.get(Number(c.req.param('id')));
    return c.json(
      { ...restaurant, embedding: { status: 'ready', model, createdAt: embeddedAt } },
      200,
      headers,
    );
  });
}

if (process.argv[1] === self) {
  const { body, ...read } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const app = body ? new Hono().get('/', (c) => c.json(body)) : createReadRoute(read);
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
    console.log(`http://127.0.0.1:${port}/`),
  );
}
