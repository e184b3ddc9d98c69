/** The explorer's style sheet, modules and icon, from our own origin, each with an ETag. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { matchesAny } from '../http/contract/entity-tag.ts';
import type { RoutePolicies } from '../http/middleware/route-policies.ts';
import { styles } from './layout.tsx';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const names = [
  ...styles,
  'docs.css',
  'icon.svg',
  'ask.js',
  'events.js',
  'fragments.js',
  'send.js',
  'taste.js',
  'list.js',
  'restaurant.js',
  'recommendations.js',
  'map.js',
  'map-colours.js',
  'map-dots.js',
  'map-light.js',
  'machine.js',
];

interface Asset {
  readonly content: Buffer<ArrayBuffer>;
  readonly etag: string;
}

/** Read when first requested: an API client never asks for them. */
const loaded = new Map<string, Asset>();

function load(name: string): Asset {
  const known = loaded.get(name);
  if (known) return known;
  const content = readFileSync(new URL(`assets/${name}`, import.meta.url));
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`;
  const asset = { content, etag };
  loaded.set(name, asset);
  return asset;
}

export function addAssets(app: OpenAPIHono, { compress }: Pick<RoutePolicies, 'compress'>): void {
  for (const name of names) {
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    app.get(`/assets/${name}`, compress, (c) => {
      const { content, etag } = load(name);
      const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache', ETag: etag };
      return matchesAny(c.req.header('if-none-match'), etag)
        ? c.body(null, 304, headers)
        : c.body(content, 200, headers);
    });
  }
}
