import type { Redis } from 'ioredis';
import type { CacheEvent } from '../domain/cache-event.ts';
import type { EventReporter } from '../domain/cache-reporter.ts';
import type { LogPosition, ReplayEvents } from '../domain/log-position.ts';
import type { Logger } from '../domain/logger.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { partitionKeys } from '../domain/redis-keys.ts';
import { BusUnavailableError } from './bus-unavailable-error.ts';
import { defineCatchUp, type ReadLog } from './catch-up-script.ts';
import { ChannelSubscription } from './channel-subscription.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { Heartbeat } from './heartbeat.ts';
import { defineInvalidate, type Invalidate } from './invalidate-script.ts';
import { decodeMessage, openEnvelope } from './message.ts';
import { PartitionFollower } from './partition-follower.ts';
import { RecentEvents } from './recent-events.ts';
import { createReplay } from './replay.ts';
import { createEnvelopeSigner, type EnvelopeSigner } from './signature.ts';
import { withinStart } from './start-time.ts';
import type { EventBus, EventBusHandlers, Published } from './types.ts';

/** What a node knows without the log, some megabytes: seconds to minutes of a busy market. */
const RECENT_EVENTS = 5_000;

export interface RedisBusOptions {
  /** Shared with L2; must give up on a command by itself (`commandTimeout`). */
  readonly commands: Redis;
  /** A second connection, the bus's alone. */
  readonly subscriber: Redis;
  /** On a cluster: each shard has its own channels. */
  readonly sharded?: boolean;
  readonly logger: Logger;
  readonly reporter?: EventReporter;
  /** The fleet's secret that signs events; absent or null = unsigned. */
  readonly eventToken?: string | null;
  /** How long `start` waits for the first acknowledged subscription. */
  readonly startTimeoutMs?: number;
}

/**
 * The bus of a fleet: one INVALIDATE per batch, one channel and one log per partition, and a heartbeat
 * that goes the same way as events. Closes no connection.
 */
export function createRedisBus(options: RedisBusOptions): EventBus {
  return new RedisBus(options);
}

class RedisBus implements EventBus {
  readonly #options: RedisBusOptions;
  readonly #signer: EnvelopeSigner;
  readonly #invalidate: Invalidate;
  readonly #followers: readonly PartitionFollower[];
  readonly #recent = new RecentEvents(RECENT_EVENTS);
  readonly replay: ReplayEvents;
  readonly #heartbeat: Heartbeat;
  readonly #subscription: ChannelSubscription;
  readonly #subscribed = Promise.withResolvers<void>();
  readonly #confirmed = Promise.withResolvers<void>();
  #delivery: Delivery | null = null;

  constructor(options: RedisBusOptions) {
    this.#options = options;
    const { commands, subscriber, sharded = false, logger, eventToken = null } = options;
    this.#signer = createEnvelopeSigner(eventToken);
    this.#invalidate = defineInvalidate(commands, this.#signer, sharded);
    const readLog = defineCatchUp(commands);
    this.#followers = this.#createFollowers(readLog);
    const open = (envelope: string) => openEnvelope(envelope, this.#signer);
    this.replay = createReplay({ recent: this.#recent, readLog, open });
    this.#heartbeat = new Heartbeat({
      publish: (channel, text) =>
        sharded ? commands.spublish(channel, text) : commands.publish(channel, text),
      catchUp: (partition) => this.#catchUp(partition),
      onCaughtUp: (partition, position, sentAtMs) => {
        this.#delivery?.caughtUp(partition, position, sentAtMs);
        this.#confirmed.resolve();
      },
      onSilent: (isDeaf) => {
        // Where a cluster lacks a shard, a new connection to all would only silence the others.
        if (sharded && !isDeaf) return;
        logger.warn({}, 'The subscription is silent.');
        this.#subscription.reconnect();
      },
      logger,
    });
    const channels = this.#followers.map((_, partition) => partitionKeys(partition).channel);
    this.#subscription = new ChannelSubscription({
      subscriber,
      publisher: commands,
      logger,
      channels: [...channels, ...this.#heartbeat.channels],
      sharded,
      onMessage: (channel, text) => this.#receive(channel, text),
      onUp: () => this.#onUp(),
      onDown: () => this.#onDown(),
    });
  }

  async start(handlers: EventBusHandlers): Promise<void> {
    const { logger, reporter, startTimeoutMs } = this.#options;
    this.#delivery = createDelivery(handlers, logger, reporter ?? null);
    this.#subscription.start();
    try {
      await withinStart(this.#subscribed.promise, this.#confirmed.promise, startTimeoutMs);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async publish(partition: number, events: readonly CacheEvent[]): Promise<Published> {
    try {
      const published = await this.#invalidate(partition, events);
      for (const event of events) this.#options.reporter?.published(event.type);
      return published;
    } catch (error) {
      throw new BusUnavailableError(error);
    }
  }

  connected(): boolean {
    return this.#subscription.isUp() && this.#heartbeat.isHeard();
  }

  async stop(): Promise<void> {
    this.#delivery = null;
    this.#heartbeat.stop();
    await this.#subscription.stop();
  }

  #createFollowers(readLog: ReadLog): PartitionFollower[] {
    return Array.from(
      { length: PARTITIONS },
      (_, partition) =>
        new PartitionFollower({
          partition,
          readLog: (last) => readLog(partition, last),
          open: (envelope) => openEnvelope(envelope, this.#signer) ?? this.#reject(partition),
          onEvent: (sequenced, arrival) => {
            this.#recent.add(sequenced);
            this.#delivery?.event(sequenced, arrival);
          },
          onRepeated: (sequenced) => this.#delivery?.repeated(sequenced),
          onGap: () => this.#options.reporter?.gap(partition),
          onLost: (position) => {
            this.#recent.forget(partition);
            this.#delivery?.lost(partition, position);
          },
        }),
    );
  }

  async #catchUp(partition: number): Promise<LogPosition> {
    const follower = this.#followers[partition];
    if (!follower) throw new RangeError(`There is no partition ${partition}.`);
    return follower.catchUp();
  }

  #onUp(): void {
    this.#delivery?.connected();
    this.#heartbeat.start();
    this.#subscribed.resolve();
  }

  #onDown(): void {
    this.#heartbeat.stop();
    this.#delivery?.disconnected();
  }

  #receive(channel: number, text: string): void {
    const follower = this.#followers[channel];
    if (!follower) return this.#heartbeat.hear(channel - PARTITIONS, text);
    const sequenced = decodeMessage(channel, text, this.#signer) ?? this.#reject(channel);
    if (sequenced) follower.hear(sequenced);
  }

  #reject(partition: number): null {
    this.#options.logger.warn({ partition }, 'A forged, malformed or unknown event was dropped.');
    this.#options.reporter?.rejected('forged');
    return null;
  }
}
