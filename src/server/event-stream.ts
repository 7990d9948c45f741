import type { ServerResponse } from 'node:http';
import { Pressure } from './pressure.ts';

/** Proxies close what is silent longer; a browser notices a dead connection only when it writes. */
const KEEP_ALIVE_MS = 12_000;
/** A comment: clients skip it, and some show the headers only with the first bytes. */
const COMMENT = ':\n\n';

/** One connection of server-sent events: kept alive, watched, and dropped when nobody reads it. */
export class EventStream {
  readonly pressure: Pressure;
  readonly #response: ServerResponse;
  readonly #keepAliveMs: number;
  readonly #keepAlive: NodeJS.Timeout;
  /** It was clogged at the last keep-alive and has not drained since. */
  #stuck = false;

  constructor(response: ServerResponse, keepAliveMs = KEEP_ALIVE_MS) {
    this.#response = response;
    this.#keepAliveMs = keepAliveMs;
    this.pressure = new Pressure(response);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(COMMENT);
    this.#keepAlive = setInterval(() => this.#stayAlive(), keepAliveMs).unref();
    response.once('close', () => clearInterval(this.#keepAlive));
  }

  write(event: string | Buffer): void {
    if (!this.#response.writableEnded) this.#response.write(event);
  }

  end(): void {
    clearInterval(this.#keepAlive);
    // Who has not read what waits by then will not read the end either.
    const giveUp = setTimeout(() => this.#response.destroy(), this.#keepAliveMs).unref();
    this.#response.once('close', () => clearTimeout(giveUp));
    this.#response.end();
  }

  #stayAlive(): void {
    if (!this.pressure.clogged) this.#response.write(COMMENT);
    else if (this.#stuck) this.#response.destroy();
    else {
      this.#stuck = true;
      this.pressure.onDrained(() => {
        this.#stuck = false;
      });
    }
  }
}

/** The end of an operation that has a connection of its own; browsers need the empty data. */
export const COMPLETE_EVENT = 'event: complete\ndata: \n\n';
