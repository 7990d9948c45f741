import type { ExecutionResult } from 'graphql';
import { StreamOverflowError } from '../../domain/errors.ts';
import type { OnItem, StreamTold } from '../../live/types.ts';
import type { MaskError } from '../masking.ts';
import type { Metrics } from '../metrics.ts';
import type { ClientPressure, Outlet } from './outlet.ts';
import type { Results } from './run-part.ts';
import { SharedResult } from './shared-result.ts';
import { WAITING_LIMIT, WaitingResults } from './waiting-results.ts';

/** A member's own beginning of the stream: everything up to its number `at`. */
export type Opening =
  | { readonly refusal: ExecutionResult }
  | { readonly at: number; readonly results: Results };

/** What is counted of members. */
export type MemberMetrics = Pick<
  Metrics,
  'subscriptionStarted' | 'subscriptionEnded' | 'delivered' | 'conflated' | 'overflowed'
>;

export interface MemberOptions {
  readonly outlet: Outlet;
  readonly mask: MaskError;
  readonly metrics: MemberMetrics;
  /** Who missed a result begins anew. */
  readonly restarts: boolean;
  /** Runs the beginning: `again` for a member that has begun before. */
  readonly open: (onItem: OnItem, again: boolean) => Promise<Opening>;
  /** Called once, when the stream is over for whatever reason. */
  readonly onOver: (member: Member) => void;
}

/**
 * One client's subscription. First it is sent its own opening while what happens meanwhile waits;
 * then the group's results, as fast as it reads them.
 */
export class Member {
  readonly #options: MemberOptions;
  readonly #outlet: Outlet;
  readonly #metrics: MemberMetrics;
  /** Null while nothing waits: most members of a quiet stream never need it. */
  #waiting: WaitingResults | null = null;
  #phase: 'opening' | 'live' | 'over' = 'opening';
  #begun = false;
  /** What the opening holds already comes no second time. */
  #at = Number.NEGATIVE_INFINITY;
  #opening: Results | null = null;
  /** It missed a result. */
  #stale = false;
  #awaitsDrain = false;
  /** The group has ended while this member was at its opening. */
  #ending: { readonly error: unknown } | null = null;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#outlet = options.outlet;
    this.#metrics = options.metrics;
  }

  /** Results that wait for the client. */
  get waiting(): number {
    return this.#waiting?.size ?? 0;
  }

  get pressure(): ClientPressure {
    return this.#outlet.pressure;
  }

  /** Sends the opening, and then what the group offers. */
  async open(): Promise<void> {
    this.#phase = 'opening';
    const told: StreamTold[] = [];
    try {
      const opening = await this.#options.open((item) => told.push(item), this.#begun);
      if ('refusal' in opening) this.#finish(opening.refusal);
      else await this.#sendOpening(opening, told);
    } catch (error) {
      this.#fail(error);
    }
  }

  offer(result: SharedResult): void {
    if (this.#phase === 'over' || this.#stale) return;
    const isIdle = this.#phase === 'live' && this.#waiting === null;
    if (isIdle && !this.#outlet.pressure.clogged) this.#send(result);
    else this.#keep(result);
  }

  /** The group has ended: nothing follows what waits for the opening. */
  end(error: unknown): void {
    if (this.#phase === 'opening') this.#ending = { error };
    else this.#conclude(error);
  }

  /** The client has gone, or wants no more. */
  close(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#waiting = null;
    void this.#opening?.return?.().catch(() => {});
    if (this.#begun) this.#metrics.subscriptionEnded(this.#outlet.transport);
    this.#options.onOver(this);
  }

  async #sendOpening(
    { at, results }: Extract<Opening, { at: number }>,
    told: StreamTold[],
  ): Promise<void> {
    const { pressure, transport } = this.#outlet;
    this.#opening = results;
    this.#at = at;
    if (this.#isOver()) {
      await results.return?.();
      return;
    }
    if (!this.#begun) this.#metrics.subscriptionStarted(transport);
    this.#begun = true;
    for await (const result of results) {
      const item = told.shift();
      const shared = new SharedResult(result, item);
      // It may have been made after the member joined, and hold more than it must.
      if (item) this.#at = Math.max(this.#at, item.order);
      if (pressure.clogged) await new Promise<void>((resolve) => pressure.onDrained(resolve));
      if (this.#isOver()) return;
      this.#write(shared);
    }
    this.#goLive();
  }

  #goLive(): void {
    this.#opening = null;
    if (this.#isOver()) return;
    this.#phase = 'live';
    this.#flush();
    if (this.#ending) this.#conclude(this.#ending.error);
  }

  #keep(result: SharedResult): void {
    const { restarts } = this.#options;
    const missed = restarts && this.#phase === 'live' && result.told.key === null;
    this.#waiting ??= new WaitingResults();
    const outcome = missed ? 'full' : this.#waiting.add(result);
    if (outcome === 'replaced') this.#metrics.conflated();
    if (outcome === 'full') {
      this.#metrics.overflowed();
      if (!restarts) return this.#fail(new StreamOverflowError(WAITING_LIMIT));
      this.#waiting = null;
      this.#stale = true;
    }
    return this.#awaitDrain();
  }

  #awaitDrain(): void {
    if (this.#awaitsDrain || this.#phase !== 'live') return;
    this.#awaitsDrain = true;
    this.#outlet.pressure.onDrained(() => {
      this.#awaitsDrain = false;
      this.#flush();
    });
  }

  /** Sends what waits until the client is behind again. */
  #flush(): void {
    if (this.#phase !== 'live') return;
    if (this.#stale) {
      this.#stale = false;
      void this.open();
      return;
    }
    const waiting = this.#waiting;
    if (!waiting) return;
    const { pressure } = this.#outlet;
    if (waiting.size > 1) pressure.gather();
    while (waiting.size > 0 && !pressure.clogged) {
      const next = waiting.take();
      if (next) this.#send(next);
    }
    if (waiting.size > 0) this.#awaitDrain();
    else this.#waiting = null;
  }

  #send(result: SharedResult): void {
    if (result.told.order > this.#at) this.#write(result);
  }

  #write(result: SharedResult): void {
    this.#metrics.delivered();
    this.#outlet.next(result);
  }

  #conclude(error: unknown): void {
    if (error === null) this.#finish(null);
    else this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#finish({ errors: [this.#options.mask(error)] });
  }

  #finish(last: ExecutionResult | null): void {
    if (this.#isOver()) return;
    this.close();
    if (last) this.#outlet.next(new SharedResult(last));
    this.#outlet.complete();
  }

  /** Asked after every wait: the client may have gone meanwhile. */
  #isOver(): boolean {
    return this.#phase === 'over';
  }
}
