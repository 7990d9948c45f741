import type { LogPosition } from '../domain/log-position.ts';
import type { EpochMs } from '../domain/time.ts';
import { encodeCursor, type CursorVector } from './cursor.ts';
import type { StreamPosition } from './types.ts';

/** How far each partition's log was followed. */
export class Positions {
  readonly #known = new Map<number, LogPosition>();
  #highest = 0n;

  constructor(vector: CursorVector = new Map()) {
    for (const [partition, position] of vector) this.set(partition, position);
  }

  copy(): Positions {
    return new Positions(this.#known);
  }

  get(partition: number): LogPosition | null {
    return this.#known.get(partition) ?? null;
  }

  /** Goes forward, never back. */
  advance(partition: number, position: LogPosition): void {
    const known = this.#known.get(partition);
    if (known && known.base > position.base) return;
    if (known?.base === position.base && known.sequence >= position.sequence) return;
    this.set(partition, position);
  }

  set(partition: number, { base, sequence }: LogPosition): void {
    this.#known.set(partition, { base, sequence });
    if (sequence > this.#highest) this.#highest = sequence;
  }

  /**
   * Where the feed stands now, by default told with the highest sequence seen. Its cursor is made once,
   * when somebody asks for it: most streams never do.
   */
  now(at: EpochMs, sequence: bigint = this.#highest): StreamPosition {
    const known = new Map(this.#known);
    let cursor: string | null = null;
    return {
      sequence,
      at,
      get cursor() {
        return (cursor ??= encodeCursor(known));
      },
    };
  }
}
