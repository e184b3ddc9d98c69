/** A typed client for TypeScript: `createClient(url)` gives every route with its parameters and answers. */
import { hc, type ClientRequestOptions } from 'hono/client';
import type { Hono } from 'hono';
import type { ApiSchema } from './app.ts';

export type Api = Hono<object, ApiSchema>;
export type Client = ReturnType<typeof hc<Api>>;

/** `apiKey` is needed for writing when the service has keys; other options are those of Hono's client. */
export function createClient(
  url: string,
  { apiKey, ...options }: { readonly apiKey?: string } & ClientRequestOptions = {},
): Client {
  const headers = apiKey === undefined ? {} : { headers: { Authorization: `Bearer ${apiKey}` } };
  return hc<Api>(url, { ...headers, ...options });
}
