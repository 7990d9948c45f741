import type { SequencedEvent } from '../domain/cache-event.ts';
import { partitionOf } from '../domain/partition.ts';
import type { EpochMs } from '../domain/time.ts';
import { BoundedQueue, type QueueOptions } from './bounded-queue.ts';
import { encodeCursor, type PartitionPosition } from './cursor.ts';
import type { StreamPosition } from './types.ts';

export interface HubOptions {
  readonly clock: () => EpochMs;
  /** Items that may wait in one stream. */
  readonly queueLimit: number;
}

/** An event with its place in the feed, as every stream hears of it. */
export interface FeedEvent {
  readonly event: SequencedEvent;
  readonly position: StreamPosition;
}

type Listener = (event: FeedEvent) => void;

/** Event ids remembered to recognise a repetition: more than a crashed relay sends again. */
const REMEMBERED_IDS = 10_000;

/**
 * Where the log and the streams meet: every event once (a repeated id and the copies in other
 * partitions than its region's are dropped), and the position that start, heartbeat and cursors tell.
 */
export class Hub {
  readonly clock: () => EpochMs;
  readonly #queueLimit: number;
  readonly #listeners = new Set<Listener>();
  readonly #copyListeners = new Set<(event: SequencedEvent) => void>();
  readonly #lossListeners = new Set<(partition: number) => void>();
  readonly #streams = new Set<{ end(): void }>();
  readonly #positions = new Map<number, PartitionPosition>();
  readonly #recentIds = new Set<string>();
  #highest = 0n;
  #stopped = false;

  constructor({ clock, queueLimit }: HubOptions) {
    this.clock = clock;
    this.#queueLimit = queueLimit;
  }

  publish(event: SequencedEvent): void {
    this.#advance(event);
    for (const listener of this.#copyListeners) listener(event);
    if (event.partition !== partitionOf(event.event.region)) return;
    if (!this.#isNew(event.event.eventId)) return;
    const cursor = encodeCursor(this.#positions);
    const position = { sequence: event.sequence, cursor, at: event.event.timestamp };
    for (const listener of this.#listeners) listener({ event, position });
  }

  /** The highest sequence seen and the cursor of everything seen. */
  position(): StreamPosition {
    return { sequence: this.#highest, cursor: encodeCursor(this.#positions), at: this.clock() };
  }

  /** Events of the partition were lost for good: whoever follows a chain in it has to begin anew. */
  lose(partition: number): void {
    for (const listener of this.#lossListeners) listener(partition);
  }

  /** Calls on every event, for as long as the hub lives: for what several streams share. */
  listen(onEvent: Listener, onLost: (partition: number) => void): void {
    this.#listeners.add(onEvent);
    this.#lossListeners.add(onLost);
  }

  /**
   * A queue that hears the events that `listen` chooses until it is closed; a stopped hub gives an
   * ended one. Without `listen` it is filled by what calls `listen` of the hub itself.
   */
  open<T>(
    listen: ((queue: BoundedQueue<T>) => Listener) | null,
    options: Omit<QueueOptions<T>, 'limit'> = {},
  ): BoundedQueue<T> {
    const queue = new BoundedQueue<T>({
      ...options,
      limit: this.#queueLimit,
      onClose: () => {
        if (listener) this.#listeners.delete(listener);
        this.#streams.delete(queue);
        options.onClose?.();
      },
    });
    const listener = listen?.(queue) ?? null;
    if (this.#stopped) {
      queue.end();
      return queue;
    }
    if (listener) this.#listeners.add(listener);
    this.#streams.add(queue);
    return queue;
  }

  /**
   * Like `open`, for what an event makes old in other partitions than its region's: every copy of an
   * event is heard, in its own partition's order, and repetitions too.
   */
  openToCopies<T>(
    listen: (queue: BoundedQueue<T>) => (event: SequencedEvent) => void,
  ): BoundedQueue<T> {
    const queue = this.open<T>(null, { onClose: () => this.#copyListeners.delete(listener) });
    const listener = listen(queue);
    if (!queue.closed) this.#copyListeners.add(listener);
    return queue;
  }

  /** Open streams. */
  size(): number {
    return this.#streams.size;
  }

  stop(): void {
    this.#stopped = true;
    for (const stream of this.#streams) stream.end();
  }

  #advance({ partition, base, sequence }: SequencedEvent): void {
    const known = this.#positions.get(partition);
    if (known && (known.base > base || (known.base === base && known.sequence >= sequence))) return;
    this.#positions.set(partition, { base, sequence });
    if (sequence > this.#highest) this.#highest = sequence;
  }

  #isNew(eventId: string): boolean {
    if (this.#recentIds.has(eventId)) return false;
    this.#recentIds.add(eventId);
    if (this.#recentIds.size > REMEMBERED_IDS) {
      for (const oldest of this.#recentIds) {
        this.#recentIds.delete(oldest);
        break;
      }
    }
    return true;
  }
}
