import type { Outlet } from './live-groups/outlet.ts';
import type { SharedResult } from './live-groups/shared-result.ts';
import type { Pressure } from './pressure.ts';
import type { TextFrames } from './websocket-frame.ts';
import { resultPrefix } from './websocket-messages.ts';

/** What of a socket an operation writes to. */
export interface OperationWire {
  readonly pressure: Pressure;
  /** A message that others are sent too, with a beginning of its own. */
  sendShared(head: Buffer, frames: TextFrames): void;
}

/** An operation that is under way on a socket: one object each, because there are many. */
export class WebSocketOperation implements Outlet {
  readonly transport = 'websocket';
  /** Takes its client out of the stream; null while it is none. */
  leave: (() => void) | null = null;
  /** Its id is free again: what is still written to it goes nowhere. */
  over = false;
  readonly #id: string;
  readonly #prefix: Buffer;
  readonly #wire: OperationWire;
  readonly #onComplete: (id: string) => void;

  constructor(id: string, wire: OperationWire, onComplete: (id: string) => void) {
    this.#id = id;
    this.#prefix = resultPrefix(id);
    this.#wire = wire;
    this.#onComplete = onComplete;
  }

  get pressure(): Pressure {
    return this.#wire.pressure;
  }

  next(result: SharedResult): void {
    if (!this.over) this.#wire.sendShared(this.#prefix, result.frames);
  }

  complete(): void {
    if (!this.over) this.#onComplete(this.#id);
  }
}
