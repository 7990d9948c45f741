import { Redis } from 'ioredis';
import { startRedis } from '../../test/support/redis.ts';
import { RaceDatabase, startEdgebook, startNaive, type Contender } from './contenders.ts';
import { OUTAGES, SCHEDULES, type Schedule } from './race-schedules.ts';
import type { BenchResult } from '../support/result.ts';

const TRIES = 10;
const OUTAGE_TRIES = 2;

type Start = (redisUrl: string, database: RaceDatabase) => Promise<Contender>;

/** (d) Schedules that publish and delete loses, played against both arms on real Redis. */
export async function benchRaces(): Promise<BenchResult> {
  const ours = await play(startEdgebook);
  const naive = await play(startNaive);
  const names = [...Object.keys(SCHEDULES), ...Object.keys(OUTAGES)];
  return {
    title: '(d) Races that publish and delete loses',
    parameters: `${TRIES} tries each, ${OUTAGE_TRIES} of an outage; two nodes; wrong answers or needless loads`,
    columns: ['race', 'naive', 'edgebook'],
    rows: names.map((name) => [name, `${naive.get(name)}`, `${ours.get(name)}`]),
    aims: [
      { text: `edgebook loses none of them (${sum(ours)} faults)`, met: sum(ours) === 0 },
      {
        text: 'the naive arm is caught in each, so that each can be lost',
        met: names.every((name) => (naive.get(name) ?? 0) > 0),
      },
    ],
  };
}

function sum(faults: ReadonlyMap<string, number>): number {
  return [...faults.values()].reduce((total, count) => total + count, 0);
}

async function play(start: Start): Promise<ReadonlyMap<string, number>> {
  const redis = await startRedis();
  const database = new RaceDatabase();
  const admin = new Redis(redis.url);
  admin.on('error', () => undefined);
  const [a, b] = [await start(redis.url, database), await start(redis.url, database)];
  const stage = { a, b, database, admin, redis };
  const faults = new Map<string, number>();
  const playAll = async (schedules: Readonly<Record<string, Schedule>>, tries: number) => {
    for (const [name, schedule] of Object.entries(schedules)) {
      let found = 0;
      for (let index = 0; index < tries; index += 1) {
        const id = `${name.replaceAll(/\W+/g, '-')}-${index}`.toLowerCase();
        found += await schedule(stage, id);
      }
      faults.set(name, found);
    }
  };
  try {
    await playAll(SCHEDULES, TRIES);
    await playAll(OUTAGES, OUTAGE_TRIES);
  } finally {
    admin.disconnect();
    await Promise.all([a.stop(), b.stop()]);
    await redis.stop();
  }
  return faults;
}
