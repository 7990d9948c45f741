import type { SequencedEvent } from '../domain/cache-event.ts';
import type { LogPosition, ReplayEvents } from '../domain/log-position.ts';
import { partitionOf } from '../domain/partition.ts';
import type { EpochMs } from '../domain/time.ts';
import { BoundedQueue, type QueueOptions } from './bounded-queue.ts';
import { FirstSeen } from './first-seen.ts';
import { Positions } from './positions.ts';
import type { StreamPosition } from './types.ts';

export interface HubOptions {
  readonly clock: () => EpochMs;
  /** Items that may wait in one stream. */
  readonly queueLimit: number;
  readonly replay: ReplayEvents;
}

/** An event with its place in the feed, as every stream hears of it. */
export interface FeedEvent {
  readonly event: SequencedEvent;
  /** The number of its publication. */
  readonly order: number;
  readonly position: StreamPosition;
}

export interface Listener {
  /** Each event once, in its region's partition. */
  onEvent?(event: FeedEvent): void;
  /** Every copy of an event, in its own partition's order, and repetitions too. */
  onCopy?(event: SequencedEvent, order: number): void;
  /** Events of the partition were lost for good. */
  onLost?(partition: number): void;
}

export interface OpenOptions<T> extends Partial<QueueOptions<T>> {
  /** Hears of what happens until the queue is closed. */
  readonly listener?: Listener;
}

/** Event ids remembered to recognise a repetition: more than a crashed relay sends again. */
const REMEMBERED_IDS = 10_000;

/**
 * Where the log and the streams meet: every event once (a repeated id and the copies in other
 * partitions than its region's are dropped), the position that start, heartbeat and cursors tell, and
 * one counter, which puts all that happens on this node in one order.
 */
export class Hub {
  readonly clock: () => EpochMs;
  readonly replay: ReplayEvents;
  readonly #queueLimit: number;
  readonly #listeners = new Set<Listener>();
  readonly #streams = new Set<{ end(): void }>();
  readonly #positions = new Positions();
  readonly #firstSeen = new FirstSeen(REMEMBERED_IDS);
  #count = 0;
  #stopped = false;

  constructor({ clock, queueLimit, replay }: HubOptions) {
    this.clock = clock;
    this.replay = replay;
    this.#queueLimit = queueLimit;
  }

  /** The next number: what has happened so far has lower ones. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  publish(event: SequencedEvent): void {
    const order = this.next();
    this.#positions.advance(event.partition, event);
    for (const listener of this.#listeners) listener.onCopy?.(event, order);
    if (event.partition !== partitionOf(event.event.region)) return;
    if (!this.#firstSeen.add(event)) return;
    const position = this.#positions.now(event.event.timestamp, event.sequence);
    for (const listener of this.#listeners) listener.onEvent?.({ event, order, position });
  }

  /** Every event of the partition up to the position was published, or told to be lost. */
  reach(partition: number, position: LogPosition): void {
    this.#positions.advance(partition, position);
  }

  /** Events of the partition up to the position were lost for good. */
  lose(partition: number, position: LogPosition): void {
    this.#positions.set(partition, position);
    for (const listener of this.#listeners) listener.onLost?.(partition);
  }

  /** The highest sequence seen and the cursor of everything seen. */
  position(): StreamPosition {
    return this.#positions.now(this.clock());
  }

  /** How far everything was followed, to be changed at will. */
  positions(): Positions {
    return this.#positions.copy();
  }

  /** How far the partition was followed; null before anything is known of it. */
  positionOf(partition: number): LogPosition | null {
    return this.#positions.get(partition);
  }

  /** Whether the streams had the event before, at another place of the log. */
  repeats(event: SequencedEvent): boolean {
    return this.#firstSeen.repeats(event);
  }

  /** For as long as the hub lives: for what several streams share. */
  listen(listener: Listener): void {
    this.#listeners.add(listener);
  }

  /** A queue that is ended with the hub; a stopped hub gives an ended one. */
  open<T>({ listener, ...options }: OpenOptions<T> = {}): BoundedQueue<T> {
    const queue = new BoundedQueue<T>({
      limit: this.#queueLimit,
      ...options,
      onClose: (closed) => {
        if (listener) this.#listeners.delete(listener);
        this.#streams.delete(closed);
        options.onClose?.(closed);
      },
    });
    if (this.#stopped) {
      queue.end();
      return queue;
    }
    if (listener) this.#listeners.add(listener);
    this.#streams.add(queue);
    return queue;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Open streams. */
  size(): number {
    return this.#streams.size;
  }

  stop(): void {
    this.#stopped = true;
    for (const stream of this.#streams) stream.end();
  }
}
