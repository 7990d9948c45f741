import { describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import { RecentEvents } from '../../../src/events/recent-events.ts';
import { eventOf } from '../cache/world.ts';

const BASE = 1000n;

function entry(partition: number, number: number, base = BASE): SequencedEvent {
  return { event: eventOf(['x']), partition, base, sequence: base + BigInt(number) };
}

function position(number: number, base = BASE) {
  return { base, sequence: base + BigInt(number) };
}

/** What is kept of partition 1 after one number up to another. */
function between(recent: RecentEvents, from: number, upTo: number): bigint[] | null {
  const events = recent.between(1, position(from), BASE + BigInt(upTo));
  return events && events.map(({ sequence }) => sequence - BASE);
}

describe('the recent events', () => {
  it('are given of one partition, in order, between two positions', () => {
    const recent = new RecentEvents(100);
    for (let number = 1; number <= 5; number += 1) {
      recent.add(entry(1, number));
      recent.add(entry(2, number));
    }
    expect(between(recent, 1, 4)).toEqual([2n, 3n, 4n]);
    expect(between(recent, 0, 5)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(between(recent, 5, 5)).toEqual([]);
  });

  it('are the newest only: what reaches back further is not known', () => {
    const recent = new RecentEvents(3);
    for (let number = 1; number <= 10; number += 1) recent.add(entry(1, number));
    expect(between(recent, 7, 10)).toEqual([8n, 9n, 10n]);
    expect(between(recent, 6, 10)).toBeNull();
    expect(between(recent, 10, 11)).toBeNull();
  });

  it('have no hole, and are of one base', () => {
    const recent = new RecentEvents(100);
    for (const number of [1, 2, 4]) recent.add(entry(1, number));
    expect(between(recent, 1, 4)).toBeNull();
    expect(between(recent, 0, 2)).toEqual([1n, 2n]);
    recent.add(entry(1, 5, BASE + 1n));
    expect(between(recent, 2, 6)).toBeNull();
  });

  it('can be forgotten where they may be wrong', () => {
    const recent = new RecentEvents(100);
    for (const partition of [1, 2]) recent.add(entry(partition, 1));
    recent.forget(1);
    expect(between(recent, 0, 1)).toBeNull();
    expect(recent.between(2, position(0), BASE + 1n)).toHaveLength(1);
  });
});
