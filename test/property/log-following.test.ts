import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { CacheEvent } from '../../src/domain/cache-event.ts';
import type { LogPage } from '../../src/events/catch-up-script.ts';
import { PartitionFollower } from '../../src/events/partition-follower.ts';
import { eventOf, sequenced } from '../unit/cache/world.ts';

type Message = readonly [event: CacheEvent, sequence: bigint, base: bigint];

/** A Redis and its ways of failing: what is published may be lost, trimmed, flushed, said twice. */
class World {
  base = 1000n;
  sequence = 1000n;
  log = new Map<bigint, CacheEvent>();
  /** Messages under way on the channel, in order. */
  channel: Message[] = [];
  /** Answers to readings of the log, under way. */
  replies: (() => void)[] = [];
  /** Everything ever published, by `base/sequence`. */
  readonly published = new Map<string, string>();
  readonly handed: string[] = [];
  readonly problems: string[] = [];
  readonly #bases = new Set([1000n]);
  #known = { base: 0n, sequence: 0n };

  readonly follower = new PartitionFollower({
    partition: 0,
    readLog: (last) => this.#read(last),
    open: (id) => [...this.log.values()].find(({ eventId }) => eventId === id) ?? null,
    onEvent: ({ event, base, sequence }) => this.#hand(event, base, sequence),
    onRepeated: () => undefined,
    onGap: () => undefined,
    onLost: (position) => {
      this.#known = position;
    },
  });

  publish(): void {
    const event = eventOf(['x']);
    this.sequence += 1n;
    this.log.set(this.sequence, event);
    this.published.set(`${this.base}/${this.sequence}`, event.eventId);
    this.channel.push([event, this.sequence, this.base]);
  }

  deliver(): void {
    const message = this.channel.shift();
    if (message) this.follower.hear(sequenced(...message));
  }

  trim(): void {
    for (const number of this.log.keys()) if (number < this.sequence) this.log.delete(number);
  }

  /** Somebody deleted what is still to be read. */
  punch(): void {
    const [, second] = this.log.keys();
    if (second !== undefined) this.log.delete(second);
  }

  /** FLUSHDB or a promoted replica, with a clock that may have gone back a little. */
  beginAnew(later: bigint): void {
    const base = this.sequence + later;
    if (this.#bases.has(base)) return;
    this.#bases.add(base);
    this.log.clear();
    this.base = base;
    this.sequence = base;
  }

  answer(): void {
    this.replies.shift()?.();
  }

  async settle(): Promise<void> {
    let isDone = false;
    const caughtUp = this.follower.catchUp().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      this.answer();
      await Promise.resolve();
    }
    await caughtUp;
  }

  /** Every event of the log was handed over or told to be lost; `#hand` saw to it that no other was. */
  knowsAll(): boolean {
    return this.#known.base === this.base && this.#known.sequence === this.sequence;
  }

  async #read(last: bigint | null): Promise<LogPage> {
    const position = { base: this.base, sequence: this.sequence };
    const entries = [...this.log]
      .filter(([number]) => last !== null && number > last)
      .map(([sequence, { eventId }]) => ({ sequence, envelope: eventId }));
    await new Promise<void>((resolve) => this.replies.push(resolve));
    return { position, entries };
  }

  #hand({ eventId }: CacheEvent, base: bigint, sequence: bigint): void {
    const isNext = base === this.#known.base && sequence === this.#known.sequence + 1n;
    const isTrue = this.published.get(`${base}/${sequence}`) === eventId;
    if (!isNext || !isTrue) this.problems.push(`${base}/${sequence} after ${this.#known.sequence}`);
    this.#known = { base, sequence };
    this.handed.push(eventId);
  }
}

const STEPS: Readonly<Record<string, (world: World) => void>> = {
  publish: (world) => world.publish(),
  deliver: (world) => world.deliver(),
  lose: (world) => void world.channel.shift(),
  repeat: (world) => void (world.channel[0] && world.channel.unshift(world.channel[0])),
  swap: (world) => void world.channel.push(...world.channel.splice(0, 1)),
  reconnect: (world) => void (world.channel.length = 0),
  trim: (world) => world.trim(),
  punch: (world) => world.punch(),
  beginAnew: (world) => world.beginAnew(2n),
  beginBefore: (world) => world.beginAnew(-2n),
  beginHere: (world) => world.beginAnew(1n),
  heartbeat: (world) => void world.follower.catchUp(),
  answer: (world) => world.answer(),
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('publish', 'deliver', 'answer') },
  { weight: 2, arbitrary: fc.constantFrom('lose', 'repeat', 'swap', 'heartbeat', 'reconnect') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('trim', 'punch', 'beginAnew', 'beginBefore', 'beginHere'),
  },
);

describe('following a log under any schedule of losses, repetitions, trims and new beginnings', () => {
  it('hands over true events only, in order and without a hole, and ends where the log ends', async () => {
    const schedule = fc.array(step, { minLength: 10, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(schedule, async (names) => {
        const world = new World();
        await world.settle();
        for (const name of names) {
          STEPS[name]?.(world);
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
        while (world.channel.length > 0) world.deliver();
        await world.settle();
        return world.problems.length === 0 && world.knowsAll();
      }),
      { numRuns: 2000 },
    );
  });
});
