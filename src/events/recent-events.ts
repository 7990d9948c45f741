import type { SequencedEvent } from '../domain/cache-event.ts';
import type { LogPosition } from '../domain/log-position.ts';

/**
 * The newest events that a node has heard, of all partitions together: what is missed for a moment is
 * found here, whatever the number of those who missed it.
 */
export class RecentEvents {
  readonly #limit: number;
  readonly #ring: (SequencedEvent | null)[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(event: SequencedEvent): void {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** What was heard of the partition may not be what its log holds. */
  forget(partition: number): void {
    for (const [index, event] of this.#ring.entries())
      if (event?.partition === partition) this.#ring[index] = null;
  }

  /** The partition's events after a position up to `upTo`, without a hole; null when some are not kept. */
  between(
    partition: number,
    { base, sequence }: LogPosition,
    upTo: bigint,
  ): SequencedEvent[] | null {
    const found: SequencedEvent[] = [];
    let wanted = upTo;
    for (const event of this.#fromNewest()) {
      if (wanted === sequence) break;
      if (event.partition !== partition || event.sequence > upTo) continue;
      if (event.base !== base || event.sequence !== wanted) return null;
      found.push(event);
      wanted -= 1n;
    }
    return wanted === sequence ? found.toReversed() : null;
  }

  *#fromNewest(): Iterable<SequencedEvent> {
    const { length } = this.#ring;
    for (let back = 1; back <= length; back += 1) {
      const event = this.#ring[(this.#next - back + length) % length];
      if (event) yield event;
    }
  }
}
