/** Who counts as one client. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config/config.ts';
import { clientOfAddress, forwardedClient } from '../src/http/middleware/client-address.ts';

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

test('behind proxies with known addresses the client is the last address that is not one of them', () => {
  const { trustProxy } = readConfig({ TRUST_PROXY: '10.0.0.0/8, ::1, 2001:db8::/32' });
  assert.ok(typeof trustProxy !== 'string');
  for (const [connected, header, client] of [
    ['10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::1', '1.1.1.1, 203.0.113.9, 10.2.3.4', '203.0.113.9'],
    ['2001:db8::7', '2001:bad::1', '2001:bad::1'],
    // Anybody else may write the header.
    ['198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['10.0.0.1', '203.0.113.9, unknown', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['10.0.0.1', undefined, '10.0.0.1'],
  ] as const)
    assert.equal(forwardedClient(trustProxy, connected, header), client, `${connected} ${header}`);
});
