import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Viewer } from '../domain/viewer.ts';
import { EventStream } from './event-stream.ts';
import type { ClientPressure } from './live-groups/outlet.ts';

/** A reservation that nobody opens is forgotten after this. */
const UNOPENED_MS = 30_000;
const TOKEN_BYTES = 24;

/** An operation of a single connection that is under way. */
export interface StreamedOperation {
  /** Takes its client out of the stream; null while it is none. */
  leave: (() => void) | null;
}

/** One client's single connection: first the promise of one, then the stream of its operations. */
export class Reservation implements ClientPressure {
  readonly token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly accountId: string | null;
  readonly operations = new Map<string, StreamedOperation>();
  readonly #onEnd: (reservation: Reservation) => void;
  readonly #timer: NodeJS.Timeout;
  #stream: EventStream | null = null;
  /** What was written before the connection came. */
  #early: string[] = [];
  #awaitingDrain: (() => void)[] = [];
  #ended = false;

  constructor(viewer: Viewer | null, onEnd: (reservation: Reservation) => void) {
    this.accountId = viewer?.accountId ?? null;
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => this.end(), UNOPENED_MS).unref();
  }

  get isOpen(): boolean {
    return this.#stream !== null;
  }

  /** Before the connection comes only what cannot be spared is kept for it. */
  get clogged(): boolean {
    return this.#stream?.pressure.clogged ?? true;
  }

  get bytes(): number {
    if (this.#stream) return this.#stream.pressure.bytes;
    return this.#early.reduce((sum, event) => sum + event.length, 0);
  }

  gather(): void {
    this.#stream?.pressure.gather();
  }

  onDrained(listener: () => void): void {
    if (this.#stream) this.#stream.pressure.onDrained(listener);
    else this.#awaitingDrain.push(listener);
  }

  write(event: string): void {
    if (this.#stream) this.#stream.write(event);
    else this.#early.push(event);
  }

  /** The connection has come. It ends the reservation when it closes. */
  open(response: ServerResponse): void {
    clearTimeout(this.#timer);
    response.once('close', () => this.end());
    const stream = new EventStream(response);
    this.#stream = stream;
    for (const event of this.#early.splice(0)) stream.write(event);
    for (const listener of this.#awaitingDrain.splice(0)) listener();
  }

  /** Ends every operation and the connection; idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    const operations = [...this.operations.values()];
    this.operations.clear();
    for (const { leave } of operations) leave?.();
    this.#stream?.end();
    this.#onEnd(this);
  }
}

/** The single connections of a node, by their token. */
export class Reservations {
  readonly #byToken = new Map<string, Reservation>();

  /** `onEnd` is called once, when the connection has gone or has never come. */
  reserve(viewer: Viewer | null, onEnd: () => void): Reservation {
    const reservation = new Reservation(viewer, ({ token }) => {
      this.#byToken.delete(token);
      onEnd();
    });
    this.#byToken.set(reservation.token, reservation);
    return reservation;
  }

  find(token: string): Reservation | null {
    return this.#byToken.get(token) ?? null;
  }

  /** Ends all of them. */
  stop(): void {
    for (const reservation of this.#byToken.values()) reservation.end();
  }
}
