import { expect, test } from 'vitest';
import type { EventReporter } from '../../../../src/domain/cache-reporter.ts';
import { createEventLedger } from '../../../../src/market/fleet/event-ledger.ts';

const DEAF: EventReporter = { published() {}, heard() {}, rejected() {}, gap() {} };

function ignore(): void {}

function world() {
  const clock = { nowMs: 0 };
  const ledger = createEventLedger(() => clock.nowMs);
  return { clock, ledger, reporter: ledger.reporting(DEAF) };
}

test('tells arrivals, repetitions and gaps apart', () => {
  const { ledger, reporter } = world();
  reporter.heard('PRICING_UPDATED', 1, 'applied');
  reporter.heard('PRICING_UPDATED', 1, 'replayed');
  reporter.heard('PRICING_UPDATED', 1, 'duplicate');
  reporter.gap(3);
  expect(ledger.counts()).toEqual({ processed: 2, deduplicated: 1, gaps: 1 });
});

test('passes on what it hears', () => {
  const told: unknown[] = [];
  const listener = { ...DEAF, heard: (...what: unknown[]) => void told.push(what) };
  createEventLedger().reporting(listener).heard('BOOKING_CREATED', 5, 'applied');
  expect(told).toEqual([['BOOKING_CREATED', 5, 'applied']]);
});

test('knows the lag of the newest events, and of lately', () => {
  const { clock, ledger, reporter } = world();
  expect(ledger.lagMs(0.5)).toBeNull();
  reporter.heard('BOOKING_CREATED', 900, 'applied');
  clock.nowMs = 60_001;
  for (const lagMs of [4, 1, 3, 2]) reporter.heard('BOOKING_CREATED', lagMs, 'applied');
  expect([ledger.lagMs(0), ledger.lagMs(0.5), ledger.lagMs(0.99)]).toEqual([1, 3, 900]);
  expect(ledger.lagMs(0.99, 60_000)).toBe(4);
});

test('learns no lag from what is late by design, or was missed and replayed', () => {
  const { ledger, reporter } = world();
  reporter.heard('MARKET_STATS_UPDATED', 1000, 'applied');
  reporter.heard('BOOKING_CREATED', 9000, 'replayed');
  expect(ledger.lagMs(0.99)).toBeNull();
});

test('knows how long nothing has come', () => {
  const { clock, ledger, reporter } = world();
  expect(ledger.lastEventAgeMs()).toBeNull();
  reporter.heard('BOOKING_CREATED', 1, 'applied');
  clock.nowMs = 1234;
  expect(ledger.lastEventAgeMs()).toBe(1234);
});

test('follows each partition, over losses and new incarnations', () => {
  const { ledger } = world();
  const handlers = ledger.following({
    onEvent: ignore,
    onCaughtUp: ignore,
    onLost: ignore,
    onConnected: ignore,
    onDisconnected: ignore,
  });
  handlers.onCaughtUp(1, { base: 10n, sequence: 15n }, 0);
  handlers.onCaughtUp(1, { base: 10n, sequence: 14n }, 0);
  handlers.onCaughtUp(2, { base: 10n, sequence: 11n }, 0);
  handlers.onLost(2, { base: 90n, sequence: 90n });
  expect([...ledger.positions()]).toEqual([
    [1, { base: 10n, sequence: 15n }],
    [2, { base: 90n, sequence: 90n }],
  ]);
});
