import { quantile } from '../support/measure.ts';
import { nowMicros, readStamp, STAMP_LENGTH, STAMP_MARK } from './doors.ts';
import { LightClient, type Door } from './light-client.ts';
import { answerParent } from './processes.ts';

/** The process of all clients of one server. */

/** What came of one round. */
export interface Heard {
  readonly deliveries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one delivery, without the frame around it. */
  readonly bytes: number;
}

export type ClientMethods = typeof METHODS;

/** So many connections are being opened at once. */
const OPENING = 64;
const MICROS_PER_MS = 1000;
const MARK = Buffer.from(STAMP_MARK);

let clients: LightClient[] = [];
let lost: string | null = null;
/** Of the round that is listened to; what is of others is not counted. */
let round = 0;
let latenciesMs: number[] = [];
let bytes = 0;
let awaited = { count: Number.POSITIVE_INFINITY, done: () => {} };

function onPayload(data: Buffer, start: number, end: number): void {
  let at = data.indexOf(MARK, start);
  if (at === -1 || at >= end) return;
  const now = nowMicros();
  while (at !== -1 && at < end) {
    const stamp = readStamp(data, at + MARK.length);
    if (stamp.round === round) {
      latenciesMs.push((now - stamp.sentAtMicros) / MICROS_PER_MS);
      bytes += end - start;
    }
    at = data.indexOf(MARK, at + MARK.length + STAMP_LENGTH);
  }
  if (latenciesMs.length >= awaited.count) awaited.done();
}

function onLost(reason: string): void {
  lost ??= reason;
}

const METHODS = {
  /** Subscribes more clients until there are so many; fails when one is refused. */
  connect: async (door: Door, count: number): Promise<void> => {
    const open = async (): Promise<void> => {
      while (clients.length < count) {
        const client = new LightClient(door, { onPayload, onLost });
        clients.push(client);
        await client.subscribed;
      }
    };
    await Promise.all(Array.from({ length: OPENING }, open));
  },
  /** Counts the deliveries of this round from now on. */
  listen: (to: number): void => {
    round = to;
    latenciesMs = [];
    bytes = 0;
  },
  /** Resolves when so many deliveries of the round are there, or the time is over. */
  heard: async (count: number, patienceMs: number): Promise<Heard> => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      awaited = { count, done: () => (clearTimeout(timer), resolve()) };
      if (latenciesMs.length >= count) awaited.done();
    });
    awaited.count = Number.POSITIVE_INFINITY;
    if (lost !== null) throw new Error(`a client lost its server: ${lost}`);
    return {
      deliveries: latenciesMs.length,
      p50Ms: quantile(latenciesMs, 0.5),
      p99Ms: quantile(latenciesMs, 0.99),
      bytes: bytes / latenciesMs.length,
    };
  },
};

answerParent(METHODS);
