import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createGraphqlClient } from '../../../src/client/graphql-client.ts';
import type { TestEdgebook } from '../edgebook.ts';
import { FAULTS, type FaultName } from '../race/faults.ts';
import type { TestRedis } from '../redis.ts';
import { until } from '../wait.ts';
import { LiveFleet } from './live-fleet.ts';
import type { Findings } from './journal.ts';
import { SET_STATUS } from './operations.ts';
import { Subscriber, type Door } from './subscriber.ts';

export interface LiveRaceOptions {
  readonly databaseUrl: string;
  readonly redis: TestRedis;
  readonly nodes: number;
  /** Of each door. */
  readonly subscribers: number;
  readonly writesPerSecond: number;
  /** One after another; the race ends when all have been. */
  readonly faults: readonly FaultName[];
  readonly everyMs: number;
  /** Told before each fault, counted from 1. */
  readonly onFault?: (fault: FaultName, nth: number) => void;
}

/** What all subscribers found together, and what did not come to rest. */
export interface LiveRaceReport extends Findings {
  readonly writes: number;
  readonly faults: number;
  /** Units of which some subscriber shows another version than the database has, in the end. */
  readonly diverged: number;
}

const DOORS: readonly Door[] = ['SSE', 'WebSocket'];
/** A node that was frozen or cut off takes part again within its start and some heartbeats. */
const REST_TIMEOUT_MS = 20_000;

/**
 * Runs nodes, writers, subscribers and faults; between two faults one subscriber loses its connection
 * and goes on at another node. In the end everybody must show what the database has.
 */
export async function liveRace(options: LiveRaceOptions): Promise<LiveRaceReport> {
  const fleet = await LiveFleet.start(options);
  const admin = new Redis(options.redis.url);
  admin.on('error', () => undefined);
  const subscribers = DOORS.flatMap((door) =>
    Array.from(
      { length: options.subscribers },
      () => new Subscriber({ door, anyNode: () => fleet.any(), units: fleet.units }),
    ),
  );
  const writing = new AbortController();
  try {
    const writes = write(fleet, options.writesPerSecond, writing.signal);
    await harass(options, fleet, admin, subscribers);
    writing.abort();
    const count = await writes;
    const diverged = await comeToRest(fleet, subscribers);
    return { ...sum(subscribers), writes: count, faults: options.faults.length, diverged };
  } finally {
    writing.abort();
    admin.disconnect();
    await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
    await fleet.stop();
  }
}

async function harass(
  { redis, faults, everyMs, onFault }: LiveRaceOptions,
  fleet: LiveFleet,
  admin: Redis,
  subscribers: readonly Subscriber[],
): Promise<void> {
  const targets = {
    redis,
    admin,
    freezeNode: (ms: number) => fleet.freezeOne(ms),
    replaceNode: () => fleet.replaceOne(),
  };
  for (const [index, fault] of faults.entries()) {
    await sleep(everyMs);
    subscribers[index % subscribers.length]?.cut();
    onFault?.(fault, index + 1);
    await FAULTS[fault](targets);
  }
  await sleep(everyMs);
}

/** Units go into maintenance and come back, each time one version on. A refusal is no write. */
async function write(fleet: LiveFleet, perSecond: number, signal: AbortSignal): Promise<number> {
  let writes = 0;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const unit = fleet.units[turn % fleet.units.length] ?? '';
    const isDown = Math.floor(turn / fleet.units.length) % 2 === 0;
    void setStatus(fleet.any(), unit, isDown ? 'MAINTENANCE' : 'AVAILABLE').then(
      () => (writes += 1),
      () => undefined,
    );
    await sleep(1000 / perSecond);
  }
  return writes;
}

async function setStatus(
  node: TestEdgebook,
  gpuId: string,
  status: 'AVAILABLE' | 'MAINTENANCE',
): Promise<void> {
  const token = node.devToken('OPERATOR');
  const client = createGraphqlClient({ url: `${node.origin}/graphql`, token });
  const { setGpuStatus } = await client.execute(SET_STATUS, { input: { gpuId, status } });
  if (setGpuStatus.__typename !== 'SetGpuStatusSuccess') throw new Error(setGpuStatus.__typename);
}

/** Waits until all subscribers show the truth; gives how many units somebody never showed rightly. */
async function comeToRest(fleet: LiveFleet, subscribers: readonly Subscriber[]): Promise<number> {
  const wrong = async (): Promise<number> => {
    const truth = await fleet.truth();
    return fleet.units.filter((unit) =>
      subscribers.some(({ journal }) => journal.shown(unit) !== truth.get(unit)),
    ).length;
  };
  const isAtRest = async (): Promise<boolean> => (await wrong()) === 0;
  await until(isAtRest, { timeoutMs: REST_TIMEOUT_MS, everyMs: 200 }).catch(() => undefined);
  return wrong();
}

function sum(subscribers: readonly Subscriber[]): Findings {
  const all = subscribers.map(({ journal }) => journal.findings);
  const total = (of: (findings: Findings) => number): number =>
    all.reduce((count, findings) => count + of(findings), 0);
  return {
    wentBack: total(({ wentBack }) => wentBack),
    missed: total(({ missed }) => missed),
    staleAnswers: total(({ staleAnswers }) => staleAnswers),
    changes: total(({ changes }) => changes),
    resumed: total(({ resumed }) => resumed),
    startedAnew: total(({ startedAnew }) => startedAnew),
    questions: total(({ questions }) => questions),
    examples: all.flatMap(({ examples }) => examples),
  };
}
