/** Identifies the client of a request, for limits per client. */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6, type BlockList } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The key of the client of a request: an IPv4 address, or the /64 network of an IPv6 address. */
export type ClientOf = (c: Context) => string;
export type ClientOfRequest = (request: IncomingMessage) => string;

/** `none`, `fly` (the client is in `Fly-Client-IP`), or the addresses of proxies that send `X-Forwarded-For`. */
export type TrustedProxy = 'none' | 'fly' | BlockList;

/** An IPv4-mapped address (`::ffff:192.0.2.1`) is in the networks of the IPv4 address. */
function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Behind Fly's proxy the client is in `Fly-Client-IP`, which the proxy sets. Behind proxies with known addresses it is
 * in `X-Forwarded-For`. Values that are not addresses are ignored. Any other client could send these headers, so the
 * address of its connection counts.
 */
export function createClientOfRequest(trustProxy: TrustedProxy): ClientOfRequest {
  return ({ socket, headers }) => {
    const connected = socket.remoteAddress ?? 'unknown';
    if (trustProxy === 'none') return clientOfAddress(connected);
    if (trustProxy === 'fly') {
      const forwarded = String(headers['fly-client-ip'] ?? '');
      return clientOfAddress(isIP(forwarded) === 0 ? connected : forwarded);
    }
    return clientOfAddress(forwardedClient(trustProxy, connected, String(headers['x-forwarded-for'] ?? '')));
  };
}

export const createClientOf =
  (clientOf: ClientOfRequest): ClientOf =>
  (c) =>
    clientOf((c.env as HttpBindings).incoming);

/**
 * Each proxy adds the address of its own peer at the end of `X-Forwarded-For`, so the client is the last address that
 * is not a trusted proxy. Everything before it was sent by the client and can be forged.
 */
export function forwardedClient(proxies: BlockList, connected: string, header: string | undefined): string {
  let client = connected;
  for (const entry of (header ?? '').split(',').toReversed()) {
    const address = entry.trim();
    if (!isListed(proxies, client) || isIP(address) === 0) return client;
    client = address;
  }
  return client;
}

/**
 * One IPv6 client has at least a /64 and can use a new address for every request, so the network identifies it.
 * An IPv4-mapped address (`::ffff:192.0.2.1`) is the same client as the IPv4 address.
 */
export function clientOfAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return networkOf(address, 4) ?? address;
}

/**
 * The network of a client, for logs: `192.0.2.0/24`, `2001:db8:1::/48`. Enough to see whether an attack comes from one
 * network, not enough to identify a person.
 */
export function truncateAddress(client: string): string {
  const ipv4 = /^(\d+\.\d+\.\d+)\.\d+$/.exec(client)?.[1];
  if (ipv4 !== undefined) return `${ipv4}.0/24`;
  return networkOf(client.replace(/\/64$/, ''), 3) ?? 'unknown';
}

/** The first `groups` of the eight 16-bit groups of an IPv6 address, as a network; undefined for anything else. */
function networkOf(address: string, groups: 3 | 4): string | undefined {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return undefined;
  const [before, after] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const first = before ?? [];
  const last = after ?? [];
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  const network = [...first, ...zeros, ...last].slice(0, groups);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/${16 * groups}`;
}
