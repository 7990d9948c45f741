import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { decodeCursor, encodeCursor } from '../../../src/live/cursor.ts';
import type { LiveFeed, StreamItem } from '../../../src/live/types.ts';
import { Log, nodeOf } from './log.ts';
import { BASE, bookingEvent, event, priceEvent, unitEvent } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const EU = partitionOf('eu');

async function take<T>(stream: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for (let index = 0; index < count; index += 1) items.push((await stream.next()).value as T);
  return items;
}

function sorted(texts: readonly string[]): string[] {
  return texts.toSorted((a, b) => a.localeCompare(b));
}

/** The cursor of a stream that begins now. */
async function cursorOf(feed: LiveFeed): Promise<string> {
  const stream = feed.availability({});
  const [start] = await take(stream, 1);
  await stream.return?.();
  return start?.kind === 'start' ? start.cursor : '';
}

function inAnHour(): number {
  return Date.now() + 3_600_000;
}

/** Two nodes that follow one log. */
function twoNodes() {
  const log = new Log();
  const [first, second] = [nodeOf(log), nodeOf(log)];
  const publish = (...events: SequencedEvent[]): SequencedEvent[] =>
    events.map((given) => {
      const placed = log.append(given);
      for (const node of [first, second]) node.publish(placed);
      return placed;
    });
  return { log, first, second, publish };
}

describe('a stream that goes on after a cursor', () => {
  test('says so, gives what was missed at another node, then what happens, each once', async () => {
    const { first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    const missed = publish(unitEvent('h100', 'eu'), unitEvent('h100', 'us'));
    const stream = second.availability({ after });
    const [live] = publish(unitEvent('a100', 'eu'));
    const items = await take(stream, 4);
    expect(items[0]).toMatchObject({ kind: 'start', resumed: true, cursor: after });
    const told = items.slice(1).map(({ sequence }) => String(sequence));
    expect(sorted(told.slice(0, 2))).toEqual(sorted(missed.map(({ sequence }) => `${sequence}`)));
    expect(told[2]).toBe(String(live?.sequence));
  });

  test('can be cut off at any item, and goes on behind it', async () => {
    const { first, second, publish } = twoNodes();
    let cursor = await cursorOf(first);
    const regions = ['eu', 'us', 'eu', 'ap', 'us', 'eu'];
    const missed = publish(...regions.map((region) => unitEvent('h100', region)));
    const heard: string[] = [];
    for (const node of [second, first, second, first, second, first]) {
      const stream = node.availability({ after: cursor });
      const [start, change] = await take(stream, 2);
      await stream.return?.();
      expect(start).toMatchObject({ kind: 'start', resumed: true });
      if (change?.kind !== 'change') continue;
      ({ cursor } = change);
      heard.push(`${change.change.unit.region} ${change.sequence}`);
    }
    const all = missed.map(({ event: { region }, sequence }) => `${region} ${sequence}`);
    expect(sorted(heard)).toEqual(sorted(all));
    expect(cursor).toBe(await cursorOf(first));
  });

  test('gives only what passes its filter, and then stands where the node stands', async () => {
    const { first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    publish(unitEvent('h100', 'us'), unitEvent('a100', 'eu'), priceEvent('h100', 'eu', 1));
    const [start] = await take(second.availability({ gpuTypes: ['b200'], after }), 1);
    expect(start).toMatchObject({ resumed: true, cursor: await cursorOf(second) });
    const [, change] = await take(second.availability({ regions: ['eu'], after }), 2);
    expect(change).toMatchObject({ change: { unit: { gpuType: 'a100' } } });
  });

  test('passes over copies and repetitions, also of what its client has', async () => {
    const { log, first, second, publish } = twoNodes();
    const known = unitEvent('h100', 'eu');
    publish(known);
    const after = await cursorOf(first);
    const fresh = unitEvent('a100', 'eu');
    const copy = log.append(fresh, (EU + 1) % 16);
    for (const node of [first, second]) node.publish(copy);
    const [told] = publish(fresh, fresh, known);
    const [, change] = await take(second.availability({ after }), 2);
    expect(change).toMatchObject({ sequence: told?.sequence, cursor: await cursorOf(second) });
  });

  test('gives the newest missed price of each pair, as it follows on what its client saw', async () => {
    const { first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    publish(priceEvent('h100', 'eu', 2, 1), priceEvent('h100', 'us', 5, 4));
    publish(priceEvent('h100', 'eu', 3, 2));
    const [start, ...ticks] = await take(second.prices({ minIntervalMs: 1000, after }), 3);
    expect(start).toMatchObject({ resumed: true });
    const prices = ticks.map((item) => item.kind === 'change' && item.change);
    expect(prices).toHaveLength(2);
    expect(prices).toContainEqual(
      expect.objectContaining({ rateMicros: 3_000_000n, previousMicros: 1_000_000n }),
    );
  });

  test('of one region does not depend on what became of the others', async () => {
    const { log, first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    publish(unitEvent('h100', 'us'));
    log.trim(partitionOf('us'));
    const filtered = second.availability({ regions: ['eu'], after });
    expect(await take(filtered, 1)).toMatchObject([{ resumed: true }]);
    expect(await take(second.availability({ after }), 1)).toMatchObject([{ resumed: false }]);
  });
});

describe('a cursor that is ahead of a node', () => {
  test('is waited for: what its client has had is not given again', async () => {
    const log = new Log();
    const [ahead, behind] = [nodeOf(log), nodeOf(log)];
    const had = log.append(unitEvent('h100', 'eu'));
    const missed = log.append(unitEvent('a100', 'eu'));
    ahead.publish(had);
    const after = await cursorOf(ahead);
    const items: StreamItem<unknown>[] = [];
    const reading = take(behind.availability({ after }), 2).then((got) => items.push(...got));
    await vi.advanceTimersByTimeAsync(500);
    expect(items).toEqual([]);
    behind.publish(had);
    await vi.advanceTimersByTimeAsync(100);
    behind.publish(missed);
    await reading;
    expect(items).toMatchObject([{ resumed: true }, { sequence: missed.sequence }]);
  });

  test('is not waited for for ever', async () => {
    const log = new Log();
    const vector = new Map(decodeCursor(await cursorOf(nodeOf(log))));
    vector.set(EU, { base: BASE, sequence: BASE + 1_000n });
    const [reading] = [take(nodeOf(log).availability({ after: encodeCursor(vector) }), 1)];
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await reading).toMatchObject([{ kind: 'start', resumed: false }]);
  });
});

describe('a position that is no longer kept', () => {
  /** A cursor, made before the log forgot what followed it. */
  async function forgotten(): Promise<{ node: LiveFeed; after: string }> {
    const { log, first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    publish(bookingEvent('ada', 'b1'));
    log.trim(EU);
    return { node: second, after };
  }

  test('begins a stream with a start anew', async () => {
    const { node, after } = await forgotten();
    expect(await take(node.invalidations({ after }), 1)).toMatchObject([{ resumed: false }]);
  });

  test('ends a private stream, which has no start to say so', async () => {
    const { node, after } = await forgotten();
    const stream = node.bookings({ accountId: 'ada', after, endsAt: inAnHour() });
    await expect(stream.next()).rejects.toMatchObject({ name: 'CursorExpiredError' });
  });

  test.each([
    ['names no partition', new Map()],
    ['is of an older log', new Map([[EU, { base: 1n, sequence: 5n }]])],
    ['is too far back', new Map([[EU, { base: BASE, sequence: BASE }]])],
  ])('is known at once where the cursor %s', async (_, vector) => {
    const node = nodeOf(new Log());
    node.reach(EU, { base: BASE, sequence: BASE + 20_001n });
    const whole = new Map(decodeCursor(await cursorOf(node)));
    for (const [partition, position] of vector) whole.set(partition, position);
    const after = encodeCursor(vector.size === 0 ? vector : whole);
    expect(() => node.events({ after, endsAt: inAnHour() })).toThrow(/no longer kept/);
    expect(await take(node.availability({ after }), 1)).toMatchObject([{ resumed: false }]);
  });

  test('a private stream goes on from one that is kept, for its own account alone', async () => {
    const { first, second, publish } = twoNodes();
    const after = await cursorOf(first);
    publish(bookingEvent('bob', 'b1'), bookingEvent('ada', 'b2'));
    const stream = second.bookings({ accountId: 'ada', after, endsAt: inAnHour() });
    publish(bookingEvent('ada', 'b3'), event('MANUAL_INVALIDATION', '*', {}));
    const told = (await take(stream, 2)).map(({ change }) => change.booking.id);
    expect(told).toEqual(['b2', 'b3']);
  });
});
