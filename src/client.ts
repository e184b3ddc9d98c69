/** A typed client for TypeScript: `createClient(url)` gives every route with its parameters and answers. */
import { hc, type ClientRequestOptions } from 'hono/client';
import type { Hono } from 'hono';
import type { ApiSchema } from './app.ts';

export type Api = Hono<object, ApiSchema>;
export type Client = ReturnType<typeof hc<Api>>;

/**
 * `apiKey` is needed for writing when the service has keys; other options are those of Hono's client. `headers` are
 * sent beside the key; an `Authorization` among them is sent in its place.
 */
export function createClient(
  url: string,
  { apiKey, headers, ...options }: { readonly apiKey?: string } & ClientRequestOptions = {},
): Client {
  async function withKey(): Promise<Record<string, string>> {
    const all = new Headers(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` });
    const own = typeof headers === 'function' ? await headers() : (headers ?? {});
    for (const [name, value] of Object.entries(own)) all.set(name, value);
    return Object.fromEntries(all);
  }
  return hc<Api>(url, { ...options, headers: withKey });
}
