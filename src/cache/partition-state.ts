import { Floors } from './floors.ts';
import { laterOf } from './sequence.ts';

/** A place in one partition's log. Sequences of different bases cannot be compared. */
export interface Position {
  readonly base: bigint;
  readonly sequence: bigint;
}

/** What a node knew of a partition when it began to ask L2 or the database. */
export interface Ticket {
  readonly generation: number;
  readonly base: bigint | null;
  readonly highest: bigint;
}

/** What a node knows of one partition's log. */
export class PartitionState {
  readonly floors = new Floors();
  #base: bigint | null = null;
  #highest = 0n;
  #generation = 0;

  /** How an incarnation compares with the one followed here; the first one met is followed at once. */
  meet(base: bigint): 'same' | 'older' | 'newer' {
    if (this.#base === null) this.follow(base);
    if (this.#base === base) return 'same';
    return this.#base !== null && base < this.#base ? 'older' : 'newer';
  }

  /** Counts flushes: what was begun before one may not be kept after it. */
  get generation(): number {
    return this.#generation;
  }

  /** The highest sequence ever applied in this incarnation. */
  position(): Position {
    return { base: this.#base ?? 0n, sequence: this.#highest };
  }

  ticket(): Ticket {
    return { generation: this.#generation, base: this.#base, highest: this.#highest };
  }

  /** Begins to follow an incarnation of the log. */
  follow(base: bigint): void {
    this.#base = base;
    this.#highest = base;
    this.floors.reset(base);
  }

  applied(sequence: bigint): void {
    this.#highest = laterOf(this.#highest, sequence);
  }

  forget(): void {
    this.#generation += 1;
    this.floors.reset(this.#highest);
  }
}
