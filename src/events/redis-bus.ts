import type { Redis } from 'ioredis';
import type { CacheEvent } from '../domain/cache-event.ts';
import type { EventReporter } from '../domain/cache-reporter.ts';
import type { Logger } from '../domain/logger.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { partitionKeys } from '../domain/redis-keys.ts';
import { BusUnavailableError } from './bus-unavailable-error.ts';
import { ChannelSubscription } from './channel-subscription.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { defineInvalidate, type Invalidate } from './invalidate-script.ts';
import { decodeMessage } from './message.ts';
import type { EventBus, EventBusHandlers, Published } from './types.ts';

/** Start-up problems must be told within 15 s; this leaves room for the rest. */
const START_TIMEOUT_MS = 5_000;

export interface RedisBusOptions {
  /** Shared with L2; must give up on a command by itself (`commandTimeout`). */
  readonly commands: Redis;
  /** A second connection, the bus's alone. */
  readonly subscriber: Redis;
  readonly logger: Logger;
  readonly reporter?: EventReporter;
  /** How long `start` waits for the first acknowledged subscription. */
  readonly startTimeoutMs?: number;
}

/** The bus of a fleet: one INVALIDATE per batch, one channel per partition. Closes no connection. */
export function createRedisBus(options: RedisBusOptions): EventBus {
  return new RedisBus(options);
}

class RedisBus implements EventBus {
  readonly #options: RedisBusOptions;
  readonly #invalidate: Invalidate;
  readonly #subscription: ChannelSubscription;
  /** Per partition the number of the last message on the present connection. */
  readonly #last = new Map<number, bigint>();
  readonly #started = Promise.withResolvers<void>();
  #delivery: Delivery | null = null;

  constructor(options: RedisBusOptions) {
    this.#options = options;
    const { commands, subscriber, logger } = options;
    this.#invalidate = defineInvalidate(commands);
    this.#subscription = new ChannelSubscription({
      subscriber,
      publisher: commands,
      logger,
      channels: Array.from({ length: PARTITIONS }, (_, index) => partitionKeys(index).channel),
      onMessage: (partition, text) => this.#receive(partition, text),
      onUp: () => this.#onUp(),
      onDown: () => this.#delivery?.disconnected(),
    });
  }

  async start(handlers: EventBusHandlers): Promise<void> {
    const { logger, reporter, startTimeoutMs = START_TIMEOUT_MS } = this.#options;
    this.#delivery = createDelivery(handlers, logger, reporter ?? null);
    this.#subscription.start();
    const timer = setTimeout(() => {
      const cause = new Error(`Redis acknowledged no subscription in ${startTimeoutMs} ms.`);
      this.#started.reject(new BusUnavailableError(cause));
    }, startTimeoutMs);
    try {
      await this.#started.promise;
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async publish(partition: number, events: readonly CacheEvent[]): Promise<Published> {
    try {
      const published = await this.#invalidate(partition, events);
      for (const event of events) this.#options.reporter?.published(event.type);
      return published;
    } catch (error) {
      this.#distrust(error);
      throw new BusUnavailableError(error);
    }
  }

  connected(): boolean {
    return this.#subscription.isUp();
  }

  async stop(): Promise<void> {
    this.#delivery = null;
    await this.#subscription.stop();
  }

  #onUp(): void {
    this.#last.clear();
    this.#delivery?.connected();
    this.#started.resolve();
  }

  /** Where publishing fails, hearing may fail as silently: only a new subscription shows it does not. */
  #distrust(error: unknown): void {
    const redisAnswered = error instanceof Error && error.name === 'ReplyError';
    if (!redisAnswered && this.connected()) this.#subscription.reconnect();
  }

  /**
   * Numbers of one partition follow one another on one connection. A jump, up or down, is a gap; the
   * number is taken on either way, so that a false one can only cause a needless flush.
   */
  #receive(partition: number, text: string): void {
    const sequenced = decodeMessage(partition, text);
    if (!sequenced) {
      this.#options.logger.warn({ partition }, 'A malformed or unknown event was dropped.');
      this.#options.reporter?.rejected('malformed');
      return;
    }
    const last = this.#last.get(partition);
    this.#last.set(partition, sequenced.sequence);
    if (last !== undefined && sequenced.sequence !== last + 1n) this.#delivery?.gap(partition);
    this.#delivery?.event(sequenced);
  }
}
