import { describe, expect, test } from 'vitest';
import { createLiveLimits, type LiveLimits } from '../../../src/server/live-limits.ts';
import { createMetrics } from '../../../src/server/metrics.ts';
import type { Caller } from '../../../src/server/operation-source.ts';

const RULES = { perAddress: 3, perAccount: 2, subscriptions: 2 };

function viewer(accountId: string): NonNullable<Caller['viewer']> {
  return { accountId, role: 'RENTER', expiresAt: Number.POSITIVE_INFINITY };
}

function caller(accountId: string | null, address = '192.0.2.1'): Caller {
  return {
    viewer: accountId === null ? null : viewer(accountId),
    address,
    transport: 'websocket',
  };
}

function world(rules: Parameters<typeof createLiveLimits>[0] = RULES) {
  const metrics = createMetrics();
  const limits: LiveLimits = createLiveLimits(rules, metrics);
  const refused = async (): Promise<string[]> => {
    const text = await metrics.registry.getSingleMetricAsString('edgebook_live_refused_total');
    return [...text.matchAll(/^edgebook_live_refused_total\{(.+)\} (\d+)$/gm)].map(
      ([, labels = '', count]) => `${labels.replaceAll(/\w+=|"/g, '')} ${count}`,
    );
  };
  return { limits, refused };
}

describe('live limits', () => {
  test('hold for an address at each door by itself, and a place that is left is free', async () => {
    const { limits, refused } = world();
    const places = [1, 2, 3].map(() => limits.openSocket('192.0.2.1'));
    expect(limits.openSocket('192.0.2.1')).toBeNull();
    expect(limits.openSocket('192.0.2.2')).not.toBeNull();
    expect(limits.openStream(caller(null))).toBeTypeOf('function');
    places[0]?.();
    places[0]?.();
    expect(limits.openSocket('192.0.2.1')).not.toBeNull();
    expect(limits.openSocket('192.0.2.1')).toBeNull();
    expect(await refused()).toEqual(['websocket,address 2']);
  });

  test('take the addresses of one IPv6 network for one', () => {
    const { limits } = world();
    for (const host of ['1', '2', '3']) limits.openSocket(`2001:db8::${host}`);
    expect(limits.openSocket('2001:db8::4')).toBeNull();
    expect(limits.openSocket('2001:db8:0:1::4')).not.toBeNull();
  });

  test('hold for an account wherever it comes from, and not for those who say no name', async () => {
    const { limits, refused } = world();
    expect(limits.openStream(caller('ada', '192.0.2.1'))).toBeTypeOf('function');
    expect(limits.openStream(caller('ada', '192.0.2.2'))).toBeTypeOf('function');
    expect(() => limits.openStream(caller('ada', '192.0.2.3'))).toThrow(/This account/);
    expect(limits.identifySocket(viewer('ada'))).not.toBeNull();
    for (let nth = 0; nth < 9; nth += 1) expect(limits.identifySocket(null)).not.toBeNull();
    expect(await refused()).toEqual(['sse,account 1']);
  });

  test("give back the address's place when the account has too many", () => {
    const { limits } = world();
    for (const address of ['192.0.2.8', '192.0.2.9']) limits.openStream(caller('ada', address));
    for (let nth = 0; nth < 9; nth += 1)
      expect(() => limits.openStream(caller('ada'))).toThrow(/This account/);
    for (let nth = 0; nth < 3; nth += 1) limits.openStream(caller(null));
    expect(() => limits.openStream(caller(null))).toThrow(/This address/);
  });

  test('hold for the subscriptions of an account, or of an address without one', async () => {
    const { limits, refused } = world();
    const [first] = [limits.subscribe(caller('ada')), limits.subscribe(caller('ada'))];
    expect(limits.subscribe(caller('ada', '192.0.2.2'))).toBeNull();
    expect(limits.subscribe(caller('ben'))).not.toBeNull();
    expect(limits.subscribe(caller(null))).not.toBeNull();
    expect(limits.subscribe(caller(null))).not.toBeNull();
    expect(limits.subscribe(caller(null))).toBeNull();
    first?.();
    expect(limits.subscribe(caller('ada'))).not.toBeNull();
    expect(await refused()).toEqual(['websocket,subscriptions 2']);
  });

  test('may all be lifted', () => {
    const { limits } = world({ perAddress: null, perAccount: null, subscriptions: null });
    for (let nth = 0; nth < 2_000; nth += 1) {
      expect(limits.openSocket('192.0.2.1')).not.toBeNull();
      expect(limits.openStream(caller('ada'))).toBeTypeOf('function');
      expect(limits.subscribe(caller('ada'))).not.toBeNull();
    }
  });
});
