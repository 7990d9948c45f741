import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import type { Logger } from '../domain/logger.ts';

export interface ChannelSubscriptionOptions {
  /** A connection of its own, with `autoResubscribe` off: resubscribing silently hides lost events. */
  readonly subscriber: Redis;
  readonly publisher: Redis;
  readonly channels: readonly string[];
  /** Whether these are the sharded channels of a cluster, each at home in its slot. */
  readonly sharded: boolean;
  readonly onMessage: (channel: number, text: string) => void;
  /** Every channel's subscription is acknowledged on the present connection. */
  readonly onUp: () => void;
  /** The connection broke: messages are being missed. */
  readonly onDown: () => void;
  readonly logger: Logger;
}

/** What the two kinds of channels are spoken to with. */
const PLAIN = { message: 'message', join: 'subscribe', leave: 'unsubscribe' } as const;
const SHARDED = { message: 'smessage', join: 'ssubscribe', leave: 'sunsubscribe' } as const;

type PubSubOptions = NonNullable<ConstructorParameters<typeof RedisPubSub>[0]>;
type MessageListener = (channel: string, text: string) => void;
type Acknowledge = (error: null) => void;

/**
 * graphql-redis-subscriptions as the node's one subscriber, with its faults fenced in. Each connection
 * gets a fresh RedisPubSub, on a facade of the client that only ever acknowledges: a refused or broken
 * SUBSCRIBE would otherwise end as an unhandled rejection inside it. Listeners never throw into it (one
 * that does starves the others), nothing is unsubscribed before the end, and its unbounded iterators
 * are not used. Source: design "The cache", §10; the faults are pinned in the tests.
 */
export class ChannelSubscription {
  readonly #options: ChannelSubscriptionOptions;
  #listener: MessageListener | null = null;
  #up = false;
  #stopped = false;

  constructor(options: ChannelSubscriptionOptions) {
    this.#options = options;
  }

  /** Subscribes now if connected, and again after every reconnect. */
  start(): void {
    const { subscriber } = this.#options;
    subscriber.on('ready', this.#onReady);
    subscriber.on('close', this.#onClose);
    if (subscriber.status === 'ready') this.#onReady();
  }

  isUp(): boolean {
    return this.#up;
  }

  /** Gives up a connection that may be deaf, on a cluster those of all shards; new ones follow. */
  reconnect(): void {
    if (this.#stopped) return;
    this.#onClose();
    if (this.#options.sharded) this.#leaveAll();
    this.#options.subscriber.disconnect(true);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const { subscriber, channels } = this.#options;
    subscriber.off('ready', this.#onReady);
    subscriber.off('close', this.#onClose);
    this.#dropListener();
    const { leave } = this.#words();
    if (this.#up)
      await Promise.all(channels.map((name) => subscriber[leave](name).catch(() => undefined)));
    this.#up = false;
  }

  /** A cluster's client remembers what it was asked for, and would ask for it twice. */
  #leaveAll(): void {
    const { subscriber, channels } = this.#options;
    for (const name of channels) subscriber.sunsubscribe(name).catch(() => undefined);
  }

  readonly #onReady = (): void => {
    void this.#subscribe();
  };

  readonly #onClose = (): void => {
    this.#dropListener();
    const wasUp = this.#up;
    this.#up = false;
    if (wasUp) this.#options.onDown();
  };

  async #subscribe(): Promise<void> {
    const { channels, onMessage, onUp } = this.#options;
    this.#dropListener();
    const pubSub = this.#createPubSub();
    const listener = this.#listener;
    await Promise.all(
      channels.map((name, index) =>
        pubSub.subscribe(name, (text: string) => this.#guard(() => onMessage(index, text))),
      ),
    );
    const isCurrent = listener === this.#listener && !this.#stopped;
    if (!isCurrent) return;
    this.#up = true;
    onUp();
  }

  #createPubSub(): RedisPubSub {
    const { publisher } = this.#options;
    const subscriber = this.#facade() as unknown as Redis;
    const options: PubSubOptions = { publisher, subscriber, deserializer: String };
    return new RedisPubSub(options);
  }

  /** The two methods of a client that RedisPubSub subscribes with. */
  #facade() {
    const { subscriber, logger } = this.#options;
    const words = this.#words();
    let own: MessageListener | null = null;
    return {
      on: (event: string, listener: MessageListener) => {
        if (event !== 'message') return;
        own = listener;
        this.#listener = listener;
        subscriber.on(words.message, listener);
      },
      subscribe: (channel: string, acknowledge: Acknowledge) => {
        const refused = (error: unknown) => {
          // The others of a connection that was given up already; the present one may be well.
          if (own !== this.#listener) return;
          logger.warn({ err: error, channel }, 'A subscription was refused; reconnecting.');
          this.reconnect();
        };
        subscriber[words.join](channel).then(() => acknowledge(null), refused);
      },
    };
  }

  #words(): typeof PLAIN | typeof SHARDED {
    return this.#options.sharded ? SHARDED : PLAIN;
  }

  #dropListener(): void {
    if (this.#listener) this.#options.subscriber.off(this.#words().message, this.#listener);
    this.#listener = null;
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'A message listener threw.');
    }
  }
}
