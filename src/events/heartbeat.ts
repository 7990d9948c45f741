import { randomUUID } from 'node:crypto';
import type { Logger } from '../domain/logger.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { heartbeatChannel } from '../domain/redis-keys.ts';
import type { LogPosition } from '../domain/log-position.ts';

const PERIOD_MS = 500;

/** 1.5 s of silence. Counted in beats, because a process that was frozen itself has sent none. */
const SILENT_BEATS = 3;

/** Beats that may still be answered: a log that is read page by page outlives its own. */
const OPEN_BEATS = 8;

export interface HeartbeatOptions {
  readonly publish: (channel: string, text: string) => Promise<unknown>;
  readonly catchUp: (partition: number) => Promise<LogPosition>;
  readonly onCaughtUp: (partition: number, position: LogPosition, sentAtMs: number) => void;
  /**
   * Beats were sent and none came back. `isDeaf`: where they were missed the log answered all the while,
   * so it is the subscription that does not hear, whatever it says; otherwise Redis may be away.
   */
  readonly onSilent: (isDeaf: boolean) => void;
  readonly logger: Logger;
}

interface Beat {
  readonly id: string;
  readonly sentAtMs: number;
  /** Partitions whose channel brought it back. */
  readonly heard: Set<number>;
  /** What was caught up before the beat was heard. */
  readonly waiting: Map<number, LogPosition>;
}

/**
 * Asks every half second whether this node would hear of a change: a message goes out and must come
 * back through the very subscription that events come through, while every partition's log is read
 * (which writes, too). Only both together say that a partition is caught up, as of the moment *before*
 * both were sent. Source: design "The cache", §7.
 */
export class Heartbeat {
  /** One per partition, subscribed to together with the partitions' own: on a cluster they share its fate. */
  readonly channels: readonly string[];
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | null = null;
  #count = 0;
  readonly #unanswered: number[] = Array.from({ length: PARTITIONS }, () => 0);
  #isWell = true;
  #beats: Beat[] = [];

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    const id = randomUUID();
    this.channels = this.#unanswered.map((_, partition) => heartbeatChannel(partition, id));
  }

  /** The subscription stands: beats now and from now on. */
  start(): void {
    this.stop();
    this.#timer = setInterval(() => this.#tick(), PERIOD_MS);
    this.#tick();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#beats = [];
    this.#unanswered.fill(0);
  }

  /** Whether the subscription stands and answers. */
  isHeard(): boolean {
    return this.#timer !== null && !this.#isSilent();
  }

  /** A message of a partition's heartbeat channel. */
  hear(partition: number, id: string): void {
    const beat = this.#beats.find((sent) => sent.id === id);
    if (!beat) return;
    this.#unanswered[partition] = 0;
    beat.heard.add(partition);
    const position = beat.waiting.get(partition);
    if (position) this.#options.onCaughtUp(partition, position, beat.sentAtMs);
    beat.waiting.delete(partition);
  }

  #isSilent(): boolean {
    return this.#unanswered.some((beats) => beats >= SILENT_BEATS);
  }

  /** Whether some partition's log was read with each of the last beats, and none of them came back. */
  #isDeaf(): boolean {
    const last = this.#beats.slice(-SILENT_BEATS);
    const missed = (_: unknown, partition: number) =>
      last.every(({ waiting }) => waiting.has(partition));
    return last.length === SILENT_BEATS && this.#unanswered.some(missed);
  }

  #tick(): void {
    if (this.#isSilent()) this.#options.onSilent(this.#isDeaf());
    if (this.#timer === null) return;
    for (const [partition, beats] of this.#unanswered.entries())
      this.#unanswered[partition] = beats + 1;
    this.#count += 1;
    const id = `${this.#count}`;
    const beat = { id, sentAtMs: performance.now(), heard: new Set<number>(), waiting: new Map() };
    this.#beats = [...this.#beats, beat].slice(-OPEN_BEATS);
    void this.#send(beat);
  }

  async #send(beat: Beat): Promise<void> {
    const { publish } = this.#options;
    const results = await Promise.allSettled(
      this.channels.flatMap((channel, partition) => [
        publish(channel, beat.id),
        this.#catchUp(partition, beat),
      ]),
    );
    this.#tellHealth(results.find((result) => result.status === 'rejected'));
  }

  async #catchUp(partition: number, beat: Beat): Promise<void> {
    const position = await this.#options.catchUp(partition);
    if (beat.heard.has(partition)) this.#options.onCaughtUp(partition, position, beat.sentAtMs);
    else beat.waiting.set(partition, position);
  }

  /** Says once that the bus fails, and once that it is well again. */
  #tellHealth(failure: PromiseRejectedResult | undefined): void {
    const { logger } = this.#options;
    const isWell = failure === undefined;
    if (isWell === this.#isWell || this.#timer === null) return;
    this.#isWell = isWell;
    if (isWell) logger.info({}, 'The event bus answers again.');
    else logger.warn({ err: failure.reason }, 'The event bus does not answer a heartbeat.');
  }
}
