/** Who counts as one client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOfAddress } from '../src/http/middleware/client-address.ts';

test('an IPv6 client is its /64, an IPv4 client its address in either form', () => {
  for (const [address, client] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ] as const)
    assert.equal(clientOfAddress(address), client, address);
});
