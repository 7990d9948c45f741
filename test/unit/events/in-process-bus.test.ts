import { beforeEach, describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { createInProcessBus } from '../../../src/events/in-process-bus.ts';
import type { EventBus } from '../../../src/events/types.ts';
import { eventOf } from '../cache/world.ts';

const errors: string[] = [];
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (_: object, message: string) => void errors.push(message),
};

let bus: EventBus;
let heard: SequencedEvent[];
let connections: number;
let trusted: [partition: number, sentAtMs: number][];

beforeEach(async () => {
  bus = createInProcessBus({ logger });
  heard = [];
  connections = 0;
  trusted = [];
  await bus.start({
    onEvent: (event) => {
      heard.push(event);
      if (event.event.resourceId === 'bad') throw new Error('handler');
    },
    onCaughtUp: (partition, _, sentAtMs) => trusted.push([partition, sentAtMs]),
    onLost: () => undefined,
    onDisconnected: () => undefined,
    onConnected: () => {
      connections += 1;
    },
  });
});

describe('the in-process bus', () => {
  it('is connected once it has started, until it is stopped', async () => {
    expect([bus.connected(), connections]).toEqual([true, 1]);
    await bus.stop();
    expect(bus.connected()).toBe(false);
  });

  it('says once and for ever that it has missed nothing', () => {
    expect(trusted).toEqual(Array.from({ length: PARTITIONS }, (_, index) => [index, Infinity]));
  });

  it('has handed events over, numbered one after the other, before it answers', async () => {
    const [a, b] = [eventOf(['a']), eventOf(['b'])];
    const publishing = bus.publish(3, [a, b]);
    expect(heard.map(({ event, partition }) => [event, partition])).toEqual([
      [a, 3],
      [b, 3],
    ]);
    const { base, sequences, receivers, keysDeleted } = await publishing;
    expect(sequences).toEqual([base + 1n, base + 2n]);
    expect(heard.map(({ sequence }) => sequence)).toEqual(sequences);
    expect([receivers, keysDeleted]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('numbers each partition by itself', async () => {
    const first = await bus.publish(1, [eventOf(['a'])]);
    const second = await bus.publish(2, [eventOf(['a'])]);
    expect(first.sequences).toEqual(second.sequences);
  });

  it('goes on when a handler throws, and logs it', async () => {
    await bus.publish(0, [eventOf(['bad']), eventOf(['good'])]);
    expect(heard).toHaveLength(2);
    expect(errors).toEqual(['The bus handler onEvent threw.']);
  });

  it('replays what it has published, and nothing of another life', async () => {
    const { base, sequences } = await bus.publish(3, [eventOf(['a']), eventOf(['b'])]);
    const [first = 0n, last = 0n] = sequences;
    expect(await bus.replay(3, { base, sequence: base }, last)).toEqual(heard);
    expect(await bus.replay(3, { base, sequence: first }, last)).toEqual(heard.slice(1));
    expect(await bus.replay(3, { base: base - 1n, sequence: first }, last)).toBeNull();
  });

  it('refuses to publish when it is not running', async () => {
    await bus.stop();
    await expect(bus.publish(0, [eventOf(['a'])])).rejects.toBeInstanceOf(BusUnavailableError);
  });
});
