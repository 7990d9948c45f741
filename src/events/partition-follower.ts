import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { EventArrival } from '../domain/cache-reporter.ts';
import { follows, PAGE_LIMIT, type LogPage } from './catch-up-script.ts';
import { RecentIds } from './recent-ids.ts';
import type { LogPosition } from '../domain/log-position.ts';

/** Ids kept for telling repetitions apart: some minutes of one partition at the highest load. */
const RECENT_IDS = 4096;

export interface FollowerOptions {
  readonly partition: number;
  /** The log after a number, and where it stands at that moment. */
  readonly readLog: (last: bigint | null) => Promise<LogPage>;
  /** The event in a logged envelope; null when it is forged or not understood. */
  readonly open: (envelope: string) => CacheEvent | null;
  readonly onEvent: (sequenced: SequencedEvent, arrival: EventArrival) => void;
  readonly onRepeated: (sequenced: SequencedEvent) => void;
  /** Something was missed; told once until the log was read. */
  readonly onGap: () => void;
  readonly onLost: (position: LogPosition) => void;
}

/**
 * Follows one partition's log: the channel brings the next event, and what it does not bring is read
 * from the log itself. Events are handed over in log order, each once, whichever way they came.
 *
 * The channel only ever advances the position by one. Any other number, higher, of another
 * incarnation, or the present one under an event that was never seen, makes the follower look at the
 * log, which alone decides. Source: design "The cache", §6; the rules are those of its model.
 */
export class PartitionFollower {
  readonly #options: FollowerOptions;
  readonly #recent = new RecentIds(RECENT_IDS);
  /** Null until the log was read: nothing is known, so nothing can be missed. */
  #position: LogPosition | null = null;
  /** What stands at or before this number was never followed one by one. */
  #followedFrom = 0n;
  #hasGap = false;
  #running: Promise<LogPosition> | null = null;
  #next: Promise<LogPosition> | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** An event that the channel brought. */
  hear(sequenced: SequencedEvent): void {
    const { base, sequence, event } = sequenced;
    const position = this.#position;
    if (!position) {
      this.#look();
    } else if (base !== position.base || sequence > position.sequence + 1n) {
      this.#tellGap();
      this.#look();
    } else if (sequence === position.sequence + 1n) {
      this.#take(sequenced, 'applied');
    } else if (sequence <= this.#followedFrom || this.#recent.has(event.eventId)) {
      this.#options.onRepeated(sequenced);
    } else {
      // Its number was taken by another event, which can only have been put there by a stranger.
      this.#tellGap();
      this.#position = null;
      this.#look();
    }
  }

  /**
   * Reads the log until nothing newer is left in it, and gives the position reached: everything that
   * was published before the call has been handed over or told to be lost. Calls during a reading
   * share the one after it. Rejects when the log cannot be read; the position is then what it was.
   */
  catchUp(): Promise<LogPosition> {
    if (!this.#running) return this.#begin();
    const begin = (): Promise<LogPosition> => this.#begin();
    this.#next ??= this.#running.then(begin, begin);
    return this.#next;
  }

  #begin(): Promise<LogPosition> {
    this.#next = null;
    const running = this.#readToEnd().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #readToEnd(): Promise<LogPosition> {
    for (;;) {
      const sent = this.#position;
      const page = await this.#options.readLog(sent?.sequence ?? null);
      // Distrusted while the log was read: the position must be read afterwards.
      const isOld = sent !== null && this.#position === null;
      const isLast = !isOld && this.#turn(page, sent);
      if (!isLast || !this.#position) continue;
      this.#hasGap = false;
      return this.#position;
    }
  }

  /** Hands a page over; whether it was the last. What it says is compared with what was *sent*. */
  #turn(page: LogPage, sent: LogPosition | null): boolean {
    const { position, entries } = page;
    if (!sent) return this.#lose(position, false);
    if (position.base !== sent.base) return this.#restart(position.base);
    if (!follows(page, sent.sequence)) return this.#lose(position, true);
    for (const { sequence, envelope } of entries) {
      if (sequence === null || sequence <= (this.#position?.sequence ?? 0n)) continue;
      const event = this.#options.open(envelope);
      if (!event) return this.#lose(position, true);
      const { partition } = this.#options;
      this.#take({ event, partition, base: position.base, sequence }, 'replayed');
    }
    return entries.length < PAGE_LIMIT;
  }

  /**
   * Another incarnation has begun: what the old one still held is lost, but what the new one has logged
   * since its start is read from there, so that live streams hear of it.
   */
  #restart(base: bigint): false {
    this.#lose({ base, sequence: base }, true);
    return false;
  }

  /** Nothing was lost where nothing was followed; the position is new all the same. */
  #lose(position: LogPosition, isGap: boolean): true {
    this.#position = position;
    this.#followedFrom = position.sequence;
    if (isGap) this.#tellGap();
    this.#options.onLost(position);
    return true;
  }

  #take(sequenced: SequencedEvent, arrival: EventArrival): void {
    const { base, sequence, event } = sequenced;
    this.#position = { base, sequence };
    const isNew = this.#recent.add(event.eventId);
    this.#options.onEvent(sequenced, isNew ? arrival : 'duplicate');
  }

  /** The heartbeat asks again, should this fail. */
  #look(): void {
    this.catchUp().catch(() => undefined);
  }

  /** Once, until the log was read. */
  #tellGap(): void {
    if (!this.#hasGap) this.#options.onGap();
    this.#hasGap = true;
  }
}
