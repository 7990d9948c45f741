import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loaded } from '../../../src/cache/types.ts';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf, World, type Row } from '../../unit/cache/world.ts';
import { startNode, type TestNode } from './fleet.ts';

const KEYS = ['a', 'b', 'c'];
const WRITES = 300;
const READERS = 4;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** A database whose loads take a random time before and after their snapshot. */
class SlowWorld extends World {
  override async load(ids: readonly string[]): Promise<Loaded<Row | null>[]> {
    await sleep(Math.random() * 2);
    const rows = ids.map((id) => ({ value: this.rowOf(id), asOf: 0 }));
    await sleep(Math.random() * 4);
    return rows;
  }
}

/** One node with its readers, who check every answer against what the node knew when they asked. */
class Racer {
  readonly node: TestNode;
  readonly stale: string[] = [];
  readonly #known: Map<string, number>;
  readonly #answered = new Map<string, number>();

  private constructor(node: TestNode, known: Map<string, number>) {
    this.node = node;
    this.#known = known;
  }

  static async start(world: World): Promise<Racer> {
    const known = new Map<string, number>();
    const onApplied = (event: CacheEvent) => know(known, event);
    return new Racer(await startNode(redis.url, world, { onApplied }), known);
  }

  async read(id: string): Promise<void> {
    const needed = this.#known.get(id) ?? 0;
    const { value, servedFrom } = await this.node.rows.get(id);
    const version = value?.version ?? 0;
    const least = Math.max(needed, this.#answered.get(id) ?? 0);
    if (version < least) this.stale.push(`${id}: ${version} < ${least} from ${servedFrom}`);
    this.#answered.set(id, version);
  }

  /** Commits, and publishes until the bus takes it, as an outbox does. */
  async write(world: World, id: string): Promise<void> {
    const event = eventOf([id], { resourceId: id, version: world.versionOf(id) + 1 });
    this.node.cache.begin([event]);
    world.commit(id);
    know(this.#known, event);
    await until(() => this.node.publish(event));
  }
}

function know(known: Map<string, number>, { resourceId, version }: CacheEvent): void {
  known.set(resourceId, Math.max(known.get(resourceId) ?? 0, version ?? 0));
}

function anyKey(): string {
  return KEYS[Math.floor(Math.random() * KEYS.length)] ?? 'a';
}

describe('two nodes that read and write at once, over connections that break and a Redis that forgets', () => {
  it('never answer anything older than what they know, and agree in the end', async () => {
    const world = new SlowWorld();
    for (const id of KEYS) world.commit(id);
    const racers = [await Racer.start(world), await Racer.start(world)] as const;
    const admin = new Redis(redis.url);
    let writing = true;
    const readers = racers.flatMap((racer) =>
      Array.from({ length: READERS }, async () => {
        while (writing) {
          await racer.read(anyKey());
          await sleep(Math.random());
        }
      }),
    );
    for (let count = 1; count <= WRITES; count += 1) {
      await racers[count % 2]?.write(world, anyKey());
      if (count % 40 === 0) await admin.client('KILL', 'TYPE', 'pubsub');
      if (count % 100 === 0) await admin.flushall();
      await sleep(Math.random() * 4);
    }
    writing = false;
    await Promise.all(readers);
    await until(() => racers.every(({ node }) => node.cache.stats().trusted));
    for (const { node } of racers) {
      const rows = await node.rows.getMany(KEYS);
      expect(rows.map(({ value }) => value?.version)).toEqual(
        KEYS.map((id) => world.versionOf(id)),
      );
    }
    expect(racers.flatMap(({ stale }) => stale)).toEqual([]);
    expect(racers[0].node.cache.stats().namespaces.GPU_AVAILABILITY.l1.hits).toBeGreaterThan(0);
    expect(racers[1].node.cache.stats().namespaces.GPU_AVAILABILITY.l2.hits).toBeGreaterThan(0);
    admin.disconnect();
    await Promise.all(racers.map(({ node }) => node.stop()));
  });
});
