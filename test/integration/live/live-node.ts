import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import type { EventBus } from '../../../src/events/types.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { LiveFeed } from '../../../src/live/types.ts';
import { connectRedis } from '../../../src/redis.ts';
import { silent } from '../events/ear.ts';

/** The feed of a node on a real Redis, wired as a server does. */
export interface LiveNode {
  readonly live: LiveFeed;
  readonly bus: EventBus;
  publish(events: readonly CacheEvent[]): Promise<void>;
  /** Ends it with all that it holds open; idempotent. */
  kill(): Promise<void>;
}

export async function startLiveNode(url: string, eventToken: string): Promise<LiveNode> {
  const redis = connectRedis({ url }, silent);
  const bus = createRedisBus({ ...redis, logger: silent, eventToken });
  const live = createLiveFeed({ replay: bus.replay });
  await bus.start({
    onEvent: (event) => live.publish(event),
    onCaughtUp: (partition, position) => live.reach(partition, position),
    onLost: (partition, position) => live.lose(partition, position),
    onConnected: () => undefined,
    onDisconnected: () => undefined,
  });
  let killed: Promise<void> | null = null;
  async function end(): Promise<void> {
    live.stop();
    await bus.stop();
    redis.close();
  }
  return {
    live,
    bus,
    publish: async (events) => {
      for (const event of events) await bus.publish(partitionOf(event.region), [event]);
    },
    kill: () => (killed ??= end()),
  };
}

/** A client of a node: it keeps its last cursor, and what it was told since its last new start. */
export class LiveClient {
  /** Resources of the changes, in order. */
  heard: string[] = [];
  starts: boolean[] = [];
  cursor: string | null = null;
  #leave: () => Promise<unknown> = () => Promise.resolve();

  join({ live }: LiveNode): void {
    const stream = live.invalidations({ after: this.cursor });
    this.#leave = async () => stream.return?.();
    void this.#read(stream);
  }

  leave(): Promise<unknown> {
    return this.#leave();
  }

  async #read(stream: ReturnType<LiveFeed['invalidations']>): Promise<void> {
    for await (const item of stream) {
      if (item.kind === 'heartbeat') continue;
      ({ cursor: this.cursor } = item);
      if (item.kind === 'change') this.heard.push(item.change.event.resourceId);
      else {
        this.starts.push(item.resumed);
        if (!item.resumed) this.heard = [];
      }
    }
  }
}
