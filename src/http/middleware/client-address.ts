/** Which client an address stands for. */
import { isIPv6 } from 'node:net';

/**
 * An IPv6 client owns a /64 and can take another address for every request, so that is what stands for it.
 * IPv4 in its IPv6 form (`::ffff:192.0.2.1`) is the same client as without it.
 */
export function clientOfAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  const [before, after] = plain.split('::').map((part) => part.split(':').filter(Boolean));
  const first = before ?? [];
  const last = after ?? [];
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  const network = [...first, ...zeros, ...last].slice(0, 4);
  return `${network.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
