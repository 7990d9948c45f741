import { describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { PAGE_LIMIT, type LogPage } from '../../../src/events/catch-up-script.ts';
import { RecentEvents } from '../../../src/events/recent-events.ts';
import { createReplay } from '../../../src/events/replay.ts';
import { eventOf } from '../cache/world.ts';

const BASE = 1000n;

function open(envelope: string): CacheEvent | null {
  return envelope === 'forged' ? null : eventOf(['x']);
}

function noRedis(): Promise<never> {
  return Promise.reject(new Error('no Redis'));
}

/** A log of `count` entries, read in pages; `trimmed` of them are gone, and `bad` cannot be opened. */
function world({ count = 10, trimmed = 0, bad = -1 } = {}) {
  const state = { base: BASE, reads: 0, atOnce: 0, most: 0 };
  const all = Array.from({ length: count }, (_, index) => {
    return { sequence: BASE + BigInt(index + 1), envelope: index + 1 === bad ? 'forged' : 'true' };
  });
  async function readLog(_partition: number, last: bigint | null): Promise<LogPage> {
    state.reads += 1;
    state.atOnce += 1;
    state.most = Math.max(state.most, state.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    state.atOnce -= 1;
    const entries = all.slice(trimmed).filter(({ sequence }) => sequence > (last ?? 0n));
    const position = { base: state.base, sequence: BASE + BigInt(count) };
    return { position, entries: entries.slice(0, PAGE_LIMIT) };
  }
  const recent = new RecentEvents(100);
  const replay = createReplay({ recent, readLog, open });
  const numbers = async (from: number, upTo: number): Promise<number[] | null> => {
    const after = { base: BASE, sequence: BASE + BigInt(from) };
    const events = await replay(1, after, BASE + BigInt(upTo));
    return events && events.map(({ sequence }) => Number(sequence - BASE));
  };
  return { state, recent, replay, numbers };
}

describe('a replay', () => {
  it('reads the log page by page, up to the asked number', async () => {
    const { numbers, state } = world({ count: 1_200 });
    const given = await numbers(0, 1_100);
    expect(given).toEqual(Array.from({ length: 1_100 }, (_, index) => index + 1));
    expect(state.reads).toBe(3);
  });

  it('of what this node knows does not ask the log', async () => {
    const { numbers, recent, state } = world();
    for (const number of [9n, 10n])
      recent.add({ event: eventOf(['x']), partition: 1, base: BASE, sequence: BASE + number });
    expect(await numbers(8, 10)).toEqual([9, 10]);
    expect(state.reads).toBe(0);
    expect(await numbers(7, 10)).toEqual([8, 9, 10]);
  });

  it('is null where the log was trimmed, is of another base, or ends before', async () => {
    expect(await world({ trimmed: 3 }).numbers(2, 10)).toBeNull();
    expect(await world({ trimmed: 3 }).numbers(3, 10)).toHaveLength(7);
    expect(await world().numbers(8, 11)).toBeNull();
    const { state, numbers } = world();
    state.base = BASE + 5n;
    expect(await numbers(8, 10)).toBeNull();
  });

  it('is null where an entry cannot be believed, unless it is not asked for', async () => {
    expect(await world({ bad: 5 }).numbers(2, 10)).toBeNull();
    expect(await world({ bad: 5 }).numbers(2, 4)).toEqual([3, 4]);
  });

  it('is null where the log does not answer', async () => {
    const replay = createReplay({ recent: new RecentEvents(1), readLog: noRedis, open });
    expect(await replay(0, { base: 1n, sequence: 1n }, 5n)).toBeNull();
  });

  it('waits for its turn when many ask at once', async () => {
    const { numbers, state } = world();
    const given = await Promise.all(Array.from({ length: 50 }, () => numbers(0, 10)));
    expect(given.every((list) => list?.length === 10)).toBe(true);
    expect(state.most).toBe(4);
  });
});
