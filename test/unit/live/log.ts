import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import type { LogPosition, ReplayEvents } from '../../../src/domain/log-position.ts';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { createLiveFeed, type LiveFeedOptions } from '../../../src/live/live-feed.ts';
import { BASE } from './world.ts';

/** The partitions' logs, which nodes follow and read from. */
export class Log {
  base = BASE;
  readonly #partitions: SequencedEvent[][] = Array.from({ length: PARTITIONS }, () => []);
  /** Up to which number each partition was trimmed. */
  readonly #trimmed = new Map<number, bigint>();

  /** Gives the event its place; the same event may stand in several. */
  append(
    { event, partition }: Pick<SequencedEvent, 'event' | 'partition'>,
    into = partition,
  ): SequencedEvent {
    const { sequence } = this.end(into);
    const placed = { event, partition: into, base: this.base, sequence: sequence + 1n };
    this.#partitions[into]?.push(placed);
    return placed;
  }

  end(partition: number): LogPosition {
    const last = this.entries(partition).at(-1);
    return { base: this.base, sequence: last?.sequence ?? this.base };
  }

  entries(partition: number): readonly SequencedEvent[] {
    return this.#partitions[partition] ?? [];
  }

  trim(partition: number): void {
    this.#trimmed.set(partition, this.end(partition).sequence);
  }

  readonly replay: ReplayEvents = async (partition, { base, sequence }, upTo) => {
    if (base !== this.base || sequence < (this.#trimmed.get(partition) ?? 0n)) return null;
    return this.entries(partition).filter(
      (entry) => entry.sequence > sequence && entry.sequence <= upTo,
    );
  };
}

/** A node's feed, which knows from the start where every partition stands. */
export function nodeOf(log: Log, options: LiveFeedOptions = {}) {
  const feed = createLiveFeed({ replay: log.replay, ...options });
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    feed.reach(partition, log.end(partition));
  return feed;
}
