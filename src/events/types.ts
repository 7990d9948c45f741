import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { LogPosition, ReplayEvents } from '../domain/log-position.ts';

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
   * A heartbeat sent at `sentAtMs` (`performance.now()`) came back through the subscription, and every
   * event up to `position` has been handed to `onEvent` or told of by `onLost`: nothing that was
   * published before `sentAtMs` is unknown here. A bus that cannot miss anything says `Infinity`.
   */
  readonly onCaughtUp: (partition: number, position: LogPosition, sentAtMs: number) => void;
  /**
   * Events were lost for good: nothing up to `position`, which was read afterwards, may be believed to
   * be known. Also told once per partition at the start, before which nothing was heard.
   */
  readonly onLost: (partition: number, position: LogPosition) => void;
  /** A hint: the subscription is cut, so events wait in the log until it stands again. */
  readonly onDisconnected: () => void;
  /** A hint: the subscription stands (again); what was missed is being caught up. */
  readonly onConnected: () => void;
}

/** Carries committed events to every node: in-process for a single node, Redis for a fleet. */
export interface EventBus {
  /**
   * Subscribes; resolves when the subscription is acknowledged and, where the bus is well, the first
   * heartbeat is back. Rejects with `BusUnavailableError` when subscribing takes too long. Once only.
   */
  start(handlers: EventBusHandlers): Promise<void>;
  /**
   * Appends events to one partition's log, marks their keys in L2 and publishes them: atomic. Keys of
   * other partitions than `partition` are left alone. Rejects with `BusUnavailableError` within
   * 0.3 s when the bus is down; whether the events went out is then unknown, and repeating is harmless.
   */
  publish(partition: number, events: readonly CacheEvent[]): Promise<Published>;
  /** What a stream missed. Reads what this node still knows, and else the log; never rejects. */
  readonly replay: ReplayEvents;
  /** Whether events are heard: the subscription stands, and heartbeats come back through it. */
  connected(): boolean;
  stop(): Promise<void>;
}
