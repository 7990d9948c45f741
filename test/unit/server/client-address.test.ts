import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createClientAddresses, limitedAs } from '../../../src/server/client-address.ts';

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return {
    socket: { remoteAddress },
    headers: { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage;
}

describe('the client address', () => {
  const direct = createClientAddresses({ trustedProxies: [], ipAllowlist: [] });
  const behindProxy = createClientAddresses({
    trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
    ipAllowlist: [],
  });

  test('is the peer, whatever it claims, where no proxy is trusted', () => {
    expect(direct.addressOf(request('192.0.2.1', '203.0.113.9'))).toBe('192.0.2.1');
  });

  test('is read from the right, as far as trusted proxies wrote it', () => {
    expect(behindProxy.addressOf(request('10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2'))).toBe(
      '203.0.113.9',
    );
    expect(behindProxy.addressOf(request('192.0.2.1', '203.0.113.9'))).toBe('192.0.2.1');
    expect(behindProxy.addressOf(request('fd00::1', '203.0.113.9'))).toBe('203.0.113.9');
  });

  test('stays with the proxy when that one wrote nothing or nonsense', () => {
    expect(behindProxy.addressOf(request('10.0.0.1'))).toBe('10.0.0.1');
    expect(behindProxy.addressOf(request('10.0.0.1', 'unknown'))).toBe('10.0.0.1');
  });

  test('is the same for an IPv4 client of a dual-stack socket', () => {
    expect(direct.addressOf(request('::ffff:192.0.2.1'))).toBe('192.0.2.1');
  });

  test('must be on the list if there is one', () => {
    const listed = createClientAddresses({
      trustedProxies: [],
      ipAllowlist: ['192.0.2.0/24', '2001:db8::/32'],
    });
    expect(
      ['192.0.2.7', '2001:db8::7', '198.51.100.1', ''].map((address) => listed.isAllowed(address)),
    ).toEqual([true, true, false, false]);
    expect(direct.isAllowed('198.51.100.1')).toBe(true);
  });
});

test('limits count a whole IPv6 network as one client', () => {
  expect(limitedAs('2001:db8:1:2:3:4:5:6')).toBe(limitedAs('2001:db8:1:2::9'));
  expect(limitedAs('2001:db8:1:2::9')).not.toBe(limitedAs('2001:db8:1:3::9'));
  expect(limitedAs('192.0.2.1')).toBe('192.0.2.1');
});
