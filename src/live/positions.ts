import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';
import type { EpochMs } from '../domain/time.ts';
import { encodeCursor, type CursorVector } from './cursor.ts';
import type { StreamPosition } from './types.ts';

/** How far each partition's log was followed. */
export class Positions {
  /** By partition; an array, because each event is told with a copy. */
  readonly #known: (LogPosition | undefined)[];
  #highest = 0n;

  constructor(vector: Pick<CursorVector, 'get'> = new Map()) {
    this.#known = Array.from({ length: PARTITIONS }, (_, partition) => vector.get(partition));
    for (const position of this.#known) this.#raise(position?.sequence ?? 0n);
  }

  copy(): Positions {
    return new Positions({ get: (partition) => this.#known[partition] });
  }

  get(partition: number): LogPosition | null {
    return this.#known[partition] ?? null;
  }

  /** Goes forward, never back. */
  advance(partition: number, position: LogPosition): void {
    const known = this.#known[partition];
    if (known && known.base > position.base) return;
    if (known?.base === position.base && known.sequence >= position.sequence) return;
    this.set(partition, position);
  }

  set(partition: number, { base, sequence }: LogPosition): void {
    this.#known[partition] = { base, sequence };
    this.#raise(sequence);
  }

  /**
   * Where the feed stands now, by default told with the highest sequence seen. Its cursor is made once,
   * when somebody asks for it: most streams never do.
   */
  now(at: EpochMs, sequence: bigint = this.#highest): StreamPosition {
    const known = this.#known.slice();
    let cursor: string | null = null;
    return {
      sequence,
      at,
      get cursor() {
        return (cursor ??= encodeCursor({ get: (partition) => known[partition] }));
      },
    };
  }

  #raise(sequence: bigint): void {
    if (sequence > this.#highest) this.#highest = sequence;
  }
}
