import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';

/** What a publication got: one sequence per event, in order, all of incarnation `base`. */
export interface Published {
  readonly base: bigint;
  readonly sequences: readonly bigint[];
  /** Per event: how many subscribed nodes the bus handed it to, this one included. */
  readonly receivers: readonly number[];
  /** Per event: how many values it removed from L2. */
  readonly keysDeleted: readonly number[];
}

export interface EventBusHandlers {
  /** Called for every event of every partition, in log order per partition, this node's own included. */
  readonly onEvent: (event: SequencedEvent) => void;
  /**
   * The partition's numbers jumped: events were missed although the subscription stood. Called before
   * the event that showed it; what memory holds of the partition cannot be trusted.
   */
  readonly onGap: (partition: number) => void;
  /** The subscription is cut: events may be missed from now on. */
  readonly onDisconnected: () => void;
  /** The subscription stands (again): whatever was published from now on will be heard. */
  readonly onConnected: () => void;
}

/** Carries committed events to every node: in-process for a single node, Redis for a fleet. */
export interface EventBus {
  /**
   * Subscribes; resolves when the subscription is acknowledged, rejects with `BusUnavailableError`
   * when that takes too long. Once only.
   */
  start(handlers: EventBusHandlers): Promise<void>;
  /**
   * Appends events to one partition's log, marks their keys in L2 and publishes them: atomic. Keys of
   * other partitions than `partition` are left alone. Rejects with `BusUnavailableError` within
   * 0.3 s when the bus is down; whether the events went out is then unknown, and repeating is harmless.
   */
  publish(partition: number, events: readonly CacheEvent[]): Promise<Published>;
  /** Whether the subscription stands. */
  connected(): boolean;
  stop(): Promise<void>;
}
