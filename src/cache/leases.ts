import { PARTITIONS } from '../domain/partition.ts';
import type { CoarseClock } from './coarse-clock.ts';

/** How long a node trusts its memory without hearing that it has missed nothing. */
const LEASE_MS = 3000;

/**
 * The blind lease: until when each partition's memory may be served. It runs from the moment a
 * successful catch-up was sent, so that neither a slow answer nor a frozen process can lengthen it.
 * Source: design "The cache", §7.
 */
export class Leases {
  readonly #clock: CoarseClock;
  /** A single node has no log but its own and cannot miss anything. */
  readonly #always: boolean;
  readonly #endsAtMs = new Float64Array(PARTITIONS).fill(-Infinity);
  #distrustedAtMs = -Infinity;
  #l2Distrusted = false;

  constructor(clock: CoarseClock, always: boolean) {
    this.#clock = clock;
    this.#always = always;
  }

  /** Whether what memory holds of a partition may be answered as current. */
  trusts(partition: number): boolean {
    if (this.#always) return true;
    return !this.#l2Distrusted && this.#clock.now() < (this.#endsAtMs[partition] ?? -Infinity);
  }

  get trustsAll(): boolean {
    return this.#endsAtMs.every((_, partition) => this.trusts(partition));
  }

  /** Whether L2 knows of every change that is older than a moment. */
  get trustsL2(): boolean {
    return !this.#l2Distrusted;
  }

  distrustL2(distrusted: boolean): void {
    this.#l2Distrusted = distrusted;
  }

  /** What was asked before the subscription was cut proves nothing about the time after it. */
  extend(partition: number, sentAtMs: number): void {
    if (sentAtMs <= this.#distrustedAtMs) return;
    const endsAtMs = Math.max(this.#endsAtMs[partition] ?? -Infinity, sentAtMs + LEASE_MS);
    this.#endsAtMs[partition] = endsAtMs;
  }

  end(partition: number): void {
    this.#endsAtMs[partition] = -Infinity;
  }

  endAll(): void {
    this.#clock.touch();
    this.#distrustedAtMs = this.#clock.now();
    this.#endsAtMs.fill(-Infinity);
  }
}
