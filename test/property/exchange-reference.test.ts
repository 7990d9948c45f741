import { describe, expect, it } from 'vitest';
import type { OrderTerms, UnitTerms } from '../support/exchange/commands.ts';
import { ReferenceMatcher } from '../support/exchange/reference-matcher.ts';

/** The reference is what the market is judged by, so it is judged by hand. */

const UNIT: UnitTerms = {
  provider: 'house',
  gpuCount: 8,
  trustTier: 'VERIFIED',
  dynamic: false,
  cents: 200,
  durations: [60, 43_200],
};

const ORDER: OrderTerms & { readonly kind: 'placeOrder' } = {
  kind: 'placeOrder',
  account: 'ann',
  quantity: 1,
  gpusPerUnit: null,
  limitCents: 200,
  period: [120, 240],
  timeInForce: 'GTC',
  minTrustTier: null,
};

function unitOf(terms: Partial<UnitTerms>, index: number): UnitTerms & { readonly id: string } {
  return { ...UNIT, ...terms, id: `u${index}` };
}

function marketOf(...units: Partial<UnitTerms>[]): ReferenceMatcher {
  return new ReferenceMatcher(units.map(unitOf));
}

/** `u0@200 u1@210`: what was executed, in order. */
function fillsOf({ bookings }: ReferenceMatcher): string {
  const fills = bookings.filter(({ order }) => order !== null);
  return fills.map(({ unit, cents }) => `${unit.id}@${cents}`).join(' ');
}

function ordersOf({ orders }: ReferenceMatcher): string[] {
  return orders.map(({ status, filled }) => `${status} ${filled}`);
}

describe('an incoming order, by the reference', () => {
  it('takes the lowest asks first, at their prices, and rests with what is left', () => {
    const market = marketOf({ cents: 210 }, { cents: 190 }, { cents: 230 });
    market.take({ ...ORDER, quantity: 3, limitCents: 220 });
    expect(fillsOf(market)).toBe('u1@190 u0@210');
    expect(ordersOf(market)).toEqual(['PARTIALLY_FILLED 2']);
    expect([...market.bids]).toEqual([[220, [1, 1]]]);
  });

  it('prefers of equal asks the one that has had its price for longer', () => {
    const market = marketOf({}, {}, {});
    market.take({ kind: 'upsertOffer', unit: 0, cents: 210, active: true });
    market.take({ kind: 'upsertOffer', unit: 0, cents: 200, active: true });
    market.take({ kind: 'upsertOffer', unit: 1, cents: 200, active: true });
    market.take({ ...ORDER, quantity: 3 });
    expect(fillsOf(market)).toBe('u1@200 u2@200 u0@200');
  });

  it('passes by units of its own, of another size, a lower tier, or that do not allow the period', () => {
    const market = marketOf(
      { provider: 'ann' },
      { gpuCount: 4 },
      { trustTier: 'COMMUNITY' },
      { durations: [180, 300] },
      { cents: 205 },
    );
    market.take({ ...ORDER, gpusPerUnit: 8, minTrustTier: 'VERIFIED', limitCents: 300 });
    expect(fillsOf(market)).toBe('u4@205');
  });

  it('is refused where no offer of its size and tier allows its duration, and rests where none is of it', () => {
    const market = marketOf({ durations: [180, 300] });
    expect(market.take(ORDER)).toBe('INVALID_INPUT');
    expect(market.take({ ...ORDER, gpusPerUnit: 4 })).toBe('OK');
    expect([...market.bids]).toEqual([[200, [4, 1]]]);
  });

  it('cancels the rest of an IOC and fills a FOK whole or not at all', () => {
    const market = marketOf({}, {});
    market.take({ ...ORDER, quantity: 3, timeInForce: 'FOK' });
    market.take({ ...ORDER, quantity: 3, timeInForce: 'IOC' });
    expect(ordersOf(market)).toEqual(['CANCELLED 0', 'CANCELLED 2']);
    expect([...market.bids]).toEqual([]);
  });

  it('does not get a unit that is taken in the next hour, whatever its own period', () => {
    const market = marketOf({});
    market.take({ kind: 'createBooking', unit: 0, period: [30, 90] });
    market.take(ORDER);
    expect(fillsOf(market)).toBe('');
    expect([...market.asks]).toEqual([]);
  });
});

describe('resting bids, by the reference', () => {
  it('are served at their own price, best first, then first come', () => {
    const market = marketOf({ cents: 300 }, { cents: 300 });
    market.take(ORDER);
    market.take({ ...ORDER, account: 'ben' });
    market.take({ ...ORDER, limitCents: 220 });
    market.take({ kind: 'upsertOffer', unit: 0, cents: 180, active: true });
    market.take({ kind: 'upsertOffer', unit: 1, cents: 180, active: true });
    expect(fillsOf(market)).toBe('u0@220 u1@200');
    expect(ordersOf(market)).toEqual(['FILLED 1', 'OPEN 0', 'FILLED 1']);
  });

  it.each([
    ['a cancelled booking', { kind: 'cancelBooking', booking: 0 }],
    ['a unit that comes online', { kind: 'setGpuStatus', unit: 1, online: true }],
    ['a lower price of the pair', { kind: 'updatePricing', cents: 150 }],
  ] as const)('are served by %s', (_what, command) => {
    const market = marketOf({}, {}, { dynamic: true });
    market.take({ kind: 'createBooking', unit: 0, period: [120, 180] });
    market.take({ kind: 'setGpuStatus', unit: 1, online: false });
    market.take({ kind: 'updatePricing', cents: 250 });
    market.take(ORDER);
    expect(fillsOf(market)).toBe('');
    market.take(command);
    expect(ordersOf(market)).toEqual(['FILLED 1']);
  });

  it('leave when they are cancelled or expire, once', () => {
    const market = marketOf({ cents: 300 });
    market.take(ORDER);
    market.take(ORDER);
    expect(market.take({ kind: 'cancelOrder', order: 0 })).toBe('OK');
    expect(market.take({ kind: 'cancelOrder', order: 0 })).toBe('STATE_CONFLICT');
    expect(market.take({ kind: 'expireOrder', order: 1 })).toBe('OK');
    expect(ordersOf(market)).toEqual(['CANCELLED 0', 'EXPIRED 0']);
    expect([...market.bids]).toEqual([]);
  });
});

describe('the sequence, by the reference', () => {
  it('counts transactions that change a level: a command, and the service of resting bids after it', () => {
    const market = marketOf({ cents: 300 });
    market.take(ORDER);
    market.take({ ...ORDER, timeInForce: 'IOC' });
    expect(market.sequence).toBe(1);
    market.take({ kind: 'upsertOffer', unit: 0, cents: 180, active: true });
    expect(market.sequence).toBe(3);
    market.take({ kind: 'upsertOffer', unit: 0, cents: 180, active: true });
    expect(market.sequence).toBe(3);
  });
});
