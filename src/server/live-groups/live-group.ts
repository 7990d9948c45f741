import type { ExecutionResult } from 'graphql';
import { TokenExpiredError } from '../../domain/errors.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { OnItem, StreamTold } from '../../live/types.ts';
import { CoalescingWindow } from './coalescing-window.ts';
import type { Member } from './member.ts';
import { isRefusal, type Results } from './run-part.ts';
import { SharedResult } from './shared-result.ts';

/** The longest delay that a timer can hold (2^31 - 1 ms, about 25 days). */
const MAX_TIMER_MS = 2_147_483_647;

export interface LiveGroupOptions {
  /** Runs the tail of the stream, which tells of each of its items before it gives the result. */
  readonly run: (onItem: OnItem) => Promise<Results | ExecutionResult>;
  /** When the group ends; null = with its last member. */
  readonly endsAt: EpochMs | null;
  /** How long results are gathered to be sent together; 0 = not at all. */
  readonly windowMs: number;
  readonly onResult: () => void;
  readonly onConflated: () => void;
  /** Called once, when nobody may join any more. */
  readonly onOver: () => void;
}

/**
 * Equal subscriptions: what happens is executed and serialised once, and each member is handed the
 * same bytes. It lives from its first member to its last, or until the stream ends.
 */
export class LiveGroup {
  /** Settled when the tail is listening; why it does not, or null. Never rejects. */
  readonly started: Promise<{ readonly refusal: ExecutionResult | null }>;
  readonly #options: LiveGroupOptions;
  readonly #members = new Set<Member>();
  /** Of items whose result is not there yet: results come in the order of their items. */
  readonly #told: StreamTold[] = [];
  readonly #window: CoalescingWindow;
  #tail: Results | null = null;
  #expiry: NodeJS.Timeout | null = null;
  #over = false;

  constructor(options: LiveGroupOptions) {
    this.#options = options;
    const deliver = (results: readonly SharedResult[]): void => this.#deliver(results);
    this.#window = new CoalescingWindow({ ...options, deliver });
    this.started = this.#start();
  }

  get members(): ReadonlySet<Member> {
    return this.#members;
  }

  /** From now on the member is offered every result. */
  add(member: Member): void {
    this.#members.add(member);
  }

  remove(member: Member): void {
    this.#members.delete(member);
    if (this.#members.size === 0) this.#finish();
  }

  /** Ends the stream of every member, with an error where there is one. */
  end(error: unknown): void {
    this.#window.flush();
    const members = [...this.#members];
    this.#finish();
    for (const member of members) member.end(error);
  }

  async #start(): Promise<{ refusal: ExecutionResult | null }> {
    try {
      const tail = await this.#options.run((told) => this.#told.push(told));
      if (isRefusal(tail)) {
        this.#finish();
        return { refusal: tail };
      }
      this.#tail = tail;
      if (this.#over) letGo(tail);
      else {
        this.#awaitExpiry();
        void this.#pump(tail);
      }
    } catch (error) {
      this.end(error);
    }
    return { refusal: null };
  }

  async #pump(tail: Results): Promise<void> {
    try {
      for await (const result of tail) {
        this.#options.onResult();
        this.#window.add(new SharedResult(result, this.#told.shift()));
      }
      this.end(null);
    } catch (error) {
      this.end(error);
    }
  }

  #deliver(results: readonly SharedResult[]): void {
    for (const member of this.#members) {
      if (results.length > 1) member.pressure.gather();
      for (const result of results) member.offer(result);
    }
  }

  #awaitExpiry(): void {
    const { endsAt } = this.#options;
    if (endsAt === null) return;
    const leftMs = endsAt - Date.now();
    if (leftMs <= 0) this.end(new TokenExpiredError());
    else {
      const delayMs = Math.min(leftMs, MAX_TIMER_MS);
      this.#expiry = setTimeout(() => this.#awaitExpiry(), delayMs).unref();
    }
  }

  /** Nobody joins from here on, and the source is let go, though it may be silent. */
  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#expiry ?? undefined);
    this.#window.stop();
    if (this.#tail) letGo(this.#tail);
    this.#options.onOver();
  }
}

/** A source that fails while it is let go has nobody left to tell. */
function letGo(results: Results): void {
  void results.return?.().catch(() => {});
}
