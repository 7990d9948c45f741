import type { Transport } from '../operation-source.ts';
import type { SharedResult } from './shared-result.ts';

/** Whether a client reads as fast as it is sent. */
export interface ClientPressure {
  /** It has not read what it was sent: what can be spared should wait. */
  readonly clogged: boolean;
  /** Bytes that wait for it now. */
  readonly bytes: number;
  /** What is written in this turn of the event loop goes out together. */
  gather(): void;
  /** Calls back once, when it has read all; never when it has gone. */
  onDrained(listener: () => void): void;
}

/** One live operation's way to its client, whatever the transport. */
export interface Outlet {
  readonly transport: Transport;
  /** Of the connection, which other operations may share. */
  readonly pressure: ClientPressure;
  next(result: SharedResult): void;
  /** Nothing follows. */
  complete(): void;
}
