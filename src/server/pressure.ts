import type { Writable } from 'node:stream';
import type { ClientPressure } from './live-groups/outlet.ts';

/** Bytes that may wait for one client: from here on it is sent nothing that can be spared. */
export const CLOGGED_BYTES = 65_536;

/**
 * Whether a client reads as fast as it is sent. The mark is the stream's own high-water mark, which
 * the HTTP server sets to {@link CLOGGED_BYTES} for each connection.
 */
export class Pressure implements ClientPressure {
  readonly #stream: Writable;
  #waiting: (() => void)[] = [];

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  get clogged(): boolean {
    return this.#stream.writableNeedDrain;
  }

  get bytes(): number {
    return this.#stream.writableLength;
  }

  gather(): void {
    this.#stream.cork();
    process.nextTick(() => this.#stream.uncork());
  }

  onDrained(listener: () => void): void {
    this.#waiting.push(listener);
    if (this.#waiting.length === 1) this.#stream.once('drain', () => this.#tell());
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const listener of waiting) listener();
  }
}
