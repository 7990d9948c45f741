import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { PAGE_LIMIT, type LogPage } from '../../../src/events/catch-up-script.ts';
import { PartitionFollower } from '../../../src/events/partition-follower.ts';
import { BASE, eventOf, sequenced } from '../cache/world.ts';

const UNREADABLE = 'unreadable';

/** What a Redis would hold; a test may change it as a fault would. */
let log: { base: bigint; sequence: bigint; entries: Map<bigint, CacheEvent> };
let told: string[];
let reads: number;
let held: Promise<void> | null;
let follower: PartitionFollower;

function append(name: string): CacheEvent {
  const event = eventOf([name]);
  log.sequence += 1n;
  log.entries.set(log.sequence, event);
  return event;
}

/** An event of the log as the channel brings it. */
function hear(event: CacheEvent, sequence = log.sequence, base = log.base): void {
  follower.hear(sequenced(event, sequence, base));
}

async function readLog(last: bigint | null): Promise<LogPage> {
  reads += 1;
  const { base, sequence } = log;
  const entries = [...log.entries]
    .filter(([number]) => last !== null && number > last)
    .slice(0, PAGE_LIMIT)
    .map(([number, { resourceId }]) => ({ sequence: number, envelope: resourceId }));
  await held;
  return { position: { base, sequence }, entries };
}

function open(resourceId: string): CacheEvent | null {
  if (resourceId === UNREADABLE) return null;
  return [...log.entries.values()].find((event) => event.resourceId === resourceId) ?? null;
}

beforeEach(async () => {
  log = { base: BASE, sequence: BASE, entries: new Map() };
  told = [];
  reads = 0;
  held = null;
  follower = new PartitionFollower({
    partition: 7,
    readLog,
    open,
    onEvent: ({ event, sequence }, arrival) =>
      told.push(`${arrival} ${event.resourceId} ${sequence - log.base}`),
    onRepeated: ({ event }) => told.push(`repeated ${event.resourceId}`),
    onGap: () => told.push('gap'),
    onLost: ({ sequence }) => told.push(`lost ${sequence - log.base}`),
  });
  await follower.catchUp();
});

describe('following a log', () => {
  it('begins where the log stands, and what was before is not known', () => {
    expect(told).toEqual(['lost 0']);
  });

  it('takes the next number from the channel, without reading the log', () => {
    hear(append('a'));
    hear(append('b'));
    expect([told.slice(1), reads]).toEqual([['applied a 1', 'applied b 2'], 1]);
  });

  it('reads from the log what the channel skipped, in order, each once', async () => {
    append('a');
    append('b');
    hear(append('c'));
    hear(append('d'));
    await follower.catchUp();
    expect(told.slice(1)).toEqual([
      'gap',
      'replayed a 1',
      'replayed b 2',
      'replayed c 3',
      'replayed d 4',
    ]);
  });

  it('counts what comes over the channel after the log as a repetition', async () => {
    const event = append('a');
    await follower.catchUp();
    hear(event);
    expect(told.slice(1)).toEqual(['replayed a 1', 'repeated a']);
  });

  it('hands over an event that was published twice, and says that it is a duplicate', () => {
    const event = append('a');
    hear(event);
    log.sequence += 1n;
    hear(event);
    expect(told.slice(1)).toEqual(['applied a 1', 'duplicate a 2']);
  });

  it('goes on with the channel while the log is being read', async () => {
    const reply = Promise.withResolvers<void>();
    held = reply.promise;
    const first = append('a');
    const reading = follower.catchUp();
    hear(first);
    hear(append('b'));
    reply.resolve();
    await reading;
    expect(told.slice(1)).toEqual(['applied a 1', 'applied b 2']);
  });

  it('reads a long log page by page', async () => {
    for (let count = 0; count < PAGE_LIMIT * 2; count += 1) append(`e${count}`);
    await expect(follower.catchUp()).resolves.toEqual({ base: BASE, sequence: log.sequence });
    expect([told.length, reads]).toEqual([1 + PAGE_LIMIT * 2, 4]);
  });

  it('shares one reading among all that ask during another one', async () => {
    const asked = [follower.catchUp(), follower.catchUp(), follower.catchUp()];
    await Promise.all(asked);
    expect(reads).toBe(3);
  });

  it('is where it was when the log cannot be read, and asks again', async () => {
    append('a');
    held = Promise.reject(new Error('away'));
    await expect(follower.catchUp()).rejects.toThrow('away');
    held = null;
    await follower.catchUp();
    expect(told.slice(1)).toEqual(['replayed a 1']);
  });
});

describe('events are lost for good', () => {
  it.each<[string, () => unknown]>([
    ['its log was trimmed to the newest', () => log.entries.delete(BASE + 1n)],
    ['its log was trimmed to nothing', () => log.entries.clear()],
    ['its log has a hole', () => log.entries.delete(BASE + 2n)],
    ['its log ends before its number', () => log.entries.delete(BASE + 3n)],
    ['its numbers went back', () => (log.sequence = BASE - 5n)],
    ['another incarnation began', () => (log.base = log.sequence = BASE * 2n)],
    ['another incarnation began at the same number', () => (log.base = BASE - 1n)],
  ])('when %s', async (_, fault) => {
    for (const name of ['a', 'b', 'c']) append(name);
    fault();
    const position = { base: log.base, sequence: log.sequence };
    await expect(follower.catchUp()).resolves.toEqual(position);
    expect(told[1]).toBe('gap');
    expect(told.at(-1)).toBe(`lost ${log.sequence - log.base}`);
    hear(append('after'));
    expect(told.at(-1)).toContain('applied after');
  });

  it('but what a new incarnation has logged since its start is handed over', async () => {
    append('before');
    log = { base: BASE * 2n, sequence: BASE * 2n, entries: new Map() };
    append('first of the new one');
    await follower.catchUp();
    expect(told.slice(1)).toEqual(['gap', 'lost 0', 'replayed first of the new one 1']);
  });

  it('when the log holds an event that cannot be opened', async () => {
    append('a');
    append(UNREADABLE);
    append('c');
    await follower.catchUp();
    expect(told.slice(1)).toEqual(['replayed a 1', 'gap', 'lost 3']);
  });

  it('when a stranger took a number on the channel: the true event shows it', async () => {
    const known = append('known');
    hear(known);
    const hidden = append('hidden');
    hear(known);
    hear(hidden);
    await follower.catchUp();
    expect(told.slice(1)).toEqual(['applied known 1', 'duplicate known 2', 'gap', 'lost 2']);
  });

  it('when that shows while the log is read: what was read before is not believed', async () => {
    const known = append('known');
    hear(known);
    const reply = Promise.withResolvers<void>();
    held = reply.promise;
    const hidden = append('hidden');
    const reading = follower.catchUp();
    hear(known);
    hear(hidden);
    reply.resolve();
    await reading;
    expect(told.slice(1)).toEqual(['applied known 1', 'duplicate known 2', 'gap', 'lost 2']);
  });

  it('and what the channel still brings of them is not a new loss', async () => {
    const late = append('late');
    log.entries.clear();
    await follower.catchUp();
    hear(late);
    expect(told.slice(1)).toEqual(['gap', 'lost 1', 'repeated late']);
  });
});

describe('a false number on the channel', () => {
  it.each([
    ['a far one', BASE + 9_999n, BASE],
    ['one of another incarnation', BASE * 2n, BASE * 2n],
    ['one of an older incarnation', BASE - 5n, BASE - 9n],
  ])('changes nothing: %s', async (_, sequence, base) => {
    hear(eventOf(['false']), sequence, base);
    await follower.catchUp();
    hear(append('a'));
    expect(told.slice(1)).toEqual(['gap', 'applied a 1']);
  });
});
