/** A Hono route that answers one JSON object and does nothing else: the measure for warm requests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { temporaryFolder } from './service.mjs';

const self = fileURLToPath(import.meta.url);

/** In a process of its own; `before` is a shell command that runs in it before it starts. */
export async function startBareRoute(body, before) {
  const file = join(temporaryFolder(), 'body.json');
  writeFileSync(file, JSON.stringify(body));
  const child = spawn('/bin/sh', ['-c', `${before}; exec "$0" "$@"`, process.execPath, self, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: String(line).trim(), stop: () => child.kill() };
}

if (process.argv[1] === self) {
  const body = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const app = new Hono().get('/', (c) => c.json(body));
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
    console.log(`http://127.0.0.1:${port}/`),
  );
}
