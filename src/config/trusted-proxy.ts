/** TRUST_PROXY: which proxy may name the client of a request. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { readList } from './variable-schemas.ts';

/** `none`, `fly` (the client is in `Fly-Client-IP`), or the addresses of proxies that send `X-Forwarded-For`. */
type TrustedProxy = 'none' | 'fly' | BlockList;

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Adds `192.0.2.1`, `10.0.0.0/8` or `2001:db8::/32`; false when `entry` is none of these. */
function addEntry(list: BlockList, entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) {
    list.addAddress(address, familyOf(address));
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 6 ? 128 : 32)) return false;
  list.addSubnet(address, Number(prefix), familyOf(address));
  return true;
}

export const trustedProxy = z.string().transform((text, context): TrustedProxy => {
  if (text === 'none' || text === 'fly') return text;
  const entries = readList(text);
  const list = new BlockList();
  const wrong = entries.filter((entry) => !addEntry(list, entry));
  if (entries.length > 0 && wrong.length === 0) return list;
  const named = wrong.length > 0 ? ` (${wrong.join(', ')} is not one)` : '';
  context.addIssue({
    code: 'custom',
    message: `must be none, fly, or addresses and networks such as 10.0.0.0/8, separated by commas${named}`,
  });
  return z.NEVER;
});
