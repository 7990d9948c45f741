import type { LogPosition } from '../domain/log-position.ts';
import { Floors } from './floors.ts';
import { laterOf } from './sequence.ts';

/** What a node knew of a partition when it began to ask L2 or the database. */
export interface Ticket {
  readonly generation: number;
  readonly base: bigint | null;
  readonly highest: bigint;
}

/** How far a node is with what a reader has to see. */
export type Standing = 'reached' | 'behind' | 'elsewhere';

/** What a reader may do with the position that L2 answered. */
export type Verdict = 'current' | 'restart' | 'regressed';

/** What a node knows of one partition's log. */
export class PartitionState {
  readonly floors = new Floors();
  #base: bigint | null = null;
  #highest = 0n;
  /** Everything up to here was applied, or forgotten; null where that is not known. */
  #reached: bigint | null = null;
  #generation = 0;
  readonly #alone: boolean;

  /** A node that is alone hears each event of its log as it is made. */
  constructor(alone: boolean) {
    this.#alone = alone;
  }

  /** How an incarnation compares with the one followed here; the first one met is followed at once. */
  meet(base: bigint): 'same' | 'older' | 'newer' {
    if (this.#base === null) this.follow(base);
    if (this.#base === base) return 'same';
    return this.#base !== null && base < this.#base ? 'older' : 'newer';
  }

  get base(): bigint | null {
    return this.#base;
  }

  /** Counts flushes: what was begun before one may not be kept after it. */
  get generation(): number {
    return this.#generation;
  }

  /** The highest sequence ever applied in this incarnation. */
  position(): LogPosition {
    return { base: this.#base ?? 0n, sequence: this.#highest };
  }

  ticket(): Ticket {
    return { generation: this.#generation, base: this.#base, highest: this.#highest };
  }

  /** Whether it is known that nothing before some place in the log is missing here. */
  get isCaughtUp(): boolean {
    return this.#reached !== null;
  }

  standing({ base, sequence }: LogPosition): Standing {
    if (base !== this.#base) return 'elsewhere';
    return this.#reached !== null && this.#reached >= sequence ? 'reached' : 'behind';
  }

  /** Begins to follow an incarnation of the log. */
  follow(base: bigint): void {
    this.#base = base;
    this.#highest = base;
    this.#reached = this.#alone ? base : null;
    this.floors.reset(base);
  }

  /** Events arrive in any order, and some come twice: only the next one makes the record longer. */
  applied(sequence: bigint): void {
    this.#highest = laterOf(this.#highest, sequence);
    if (this.#reached !== null && sequence === this.#reached + 1n) this.#reached = sequence;
  }

  /** Everything up to `sequence` was applied. */
  caughtUp(sequence: bigint): void {
    this.#highest = laterOf(this.#highest, sequence);
    this.#reached = laterOf(this.#reached ?? undefined, sequence);
  }

  forget(): void {
    this.#generation += 1;
    this.floors.reset(this.#highest);
  }
}
