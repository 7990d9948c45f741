import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { Pressure } from './pressure.ts';

/** Proxies close what is silent longer; a browser notices a dead connection only when it writes. */
const KEEP_ALIVE_MS = 12_000;
/**
 * A peer that vanished without a word answers no probe of the system. It has to be found out between two
 * comments: the system does not probe while it waits for the acknowledgement of something that was sent.
 */
const PROBE = { afterMs: 4_000, everyMs: 2_000, times: 3 } as const;
/** A comment: clients skip it, and some show the headers only with the first bytes. */
const COMMENT = ':\n\n';

/** One connection of server-sent events: kept alive, watched, and dropped when nobody reads it. */
export class EventStream {
  readonly pressure: Pressure;
  readonly #response: ServerResponse;
  /** Where events are written: past the response, which would cork and uncork its socket for each. */
  readonly #stream: Writable;
  readonly #keepAliveMs: number;
  readonly #keepAlive: NodeJS.Timeout;
  /** It was clogged at the last keep-alive and has not drained since. */
  #stuck = false;

  constructor(response: ServerResponse, keepAliveMs = KEEP_ALIVE_MS) {
    this.#response = response;
    this.#keepAliveMs = keepAliveMs;
    // A request that was pipelined has no socket yet.
    this.#stream = response.socket ?? response;
    this.pressure = new Pressure(this.#stream);
    // The stream ends with its connection, so that its events need no chunks around them.
    response.removeHeader('transfer-encoding');
    response.writeHead(200, {
      connection: 'close',
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    this.#stream.write(COMMENT);
    response.socket?.setKeepAlive(true, PROBE.afterMs, PROBE.everyMs, PROBE.times);
    this.#keepAlive = setInterval(() => this.#stayAlive(), keepAliveMs).unref();
    response.on('close', () => clearInterval(this.#keepAlive));
  }

  write(event: string | Buffer): void {
    if (!this.#response.writableEnded) this.#stream.write(event);
  }

  end(): void {
    clearInterval(this.#keepAlive);
    // Who has not read what waits by then will not read the end either.
    const giveUp = setTimeout(() => this.#response.destroy(), this.#keepAliveMs).unref();
    this.#response.once('close', () => clearTimeout(giveUp));
    this.#response.end();
  }

  #stayAlive(): void {
    if (!this.pressure.clogged) this.#stream.write(COMMENT);
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
