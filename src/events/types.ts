import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';

/** What a publication got: one sequence per event, in order, all of incarnation `base`. */
export interface Published {
  readonly base: bigint;
  readonly sequences: readonly bigint[];
}

export interface EventBusHandlers {
  /** Called for every event of every partition, in log order per partition, this node's own included. */
  readonly onEvent: (event: SequencedEvent) => void;
  /** The subscription is cut: events may be missed from now on. */
  readonly onDisconnected: () => void;
  /** The subscription stands (again): whatever was published from now on will be heard. */
  readonly onConnected: () => void;
}

/** Carries committed events to every node: in-process for a single node, Redis for a fleet. */
export interface EventBus {
  /** Subscribes; resolves when the subscription is acknowledged. */
  start(handlers: EventBusHandlers): Promise<void>;
  /**
   * Appends events to one partition's log, marks their keys in L2 and publishes them: atomic. Keys of
   * other partitions than `partition` are left alone. Rejects within 150 ms when the bus is down.
   */
  publish(partition: number, events: readonly CacheEvent[]): Promise<Published>;
  /** Whether the subscription stands. */
  connected(): boolean;
  stop(): Promise<void>;
}
