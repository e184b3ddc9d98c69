/** Style sheets, modules and the icon, from this origin, under a folder named after their content. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Hono } from 'hono';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const extensionOf = (name: string) => name.split('.').at(-1) ?? '';
const folder = new URL('assets/', import.meta.url);
const contents = new Map(
  readdirSync(folder)
    .filter((name) => extensionOf(name) in types)
    .map((name) => [name, readFileSync(new URL(name, folder))]),
);

function hashOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(name).update(content);
  return hash.digest('base64url').slice(0, 10);
}

/** Modules import each other by relative paths, so one folder name for all makes every address immutable. */
const version = hashOf(contents);

export const assetHref = (name: string): string => `/assets/${version}/${name}`;

export function addAssets(app: Hono): void {
  app.get('/assets/:version/:name', (c) => {
    const name = c.req.param('name');
    const content = contents.get(name);
    if (!content) return c.notFound();
    // A page of an earlier version may request it; the response must not be cached under that address.
    const isCurrent = c.req.param('version') === version;
    return c.body(new Uint8Array(content), 200, {
      'Content-Type': types[extensionOf(name)] ?? 'application/octet-stream',
      'Cache-Control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
}
