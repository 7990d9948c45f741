import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { FAULT_NAMES, type FaultName } from '../support/race/faults.ts';
import { seedRaceMarket } from '../support/race/race-market.ts';
import { race, type RaceReport } from '../support/race/race.ts';
import type { RaceArm } from '../support/race/types.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** The short race; `npm run race -- --reads 1000000` is the long one. */

const NODES = 3;
const NOTHING_STALE = { staleHere: 0, staleAnywhere: 0, diverged: 0, examples: [] };

let database: TestDatabase;
let redis: TestRedis;

beforeEach(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  await seedRaceMarket(database.url);
});

afterEach(async () => {
  await redis.stop();
  await database.drop();
});

async function shortRace(arm: RaceArm, faults: readonly FaultName[]): Promise<RaceReport> {
  const report = await race({
    arm,
    databaseUrl: database.url,
    redis,
    nodes: NODES,
    load: { readsPerSecond: 500, writesPerSecond: 15 },
    faults,
    everyMs: 400,
    atLeast: { reads: 3_000, faults: faults.length },
  });
  process.stdout.write(`${arm}: ${JSON.stringify(report)}\n`);
  return report;
}

describe('three processes that read and write while everything around them breaks', () => {
  test('never answer anything older than they must know, and agree with the database in the end', async () => {
    const report = await shortRace('edgebook', FAULT_NAMES);
    expect(report).toMatchObject(NOTHING_STALE);
    expect(report.reads).toBeGreaterThanOrEqual(3_000);
    expect(report.writes).toBeGreaterThan(0);
    expect(report.failedReads).toBe(0);
  });

  test('are caught at stale answers when they delete and publish instead', async () => {
    const faults = Array.from({ length: 8 }, () => 'kill pub/sub' as const);
    const { staleHere, staleAnywhere, diverged } = await shortRace('naive', faults);
    expect(staleHere + staleAnywhere + diverged).toBeGreaterThan(0);
  });
});

describe('three processes whose pub/sub connections are killed twice a second', () => {
  test('lose no event and answer nothing stale at 50 writes and 2,000 reads a second', async () => {
    const report = await race({
      arm: 'edgebook',
      databaseUrl: database.url,
      redis,
      nodes: NODES,
      load: { readsPerSecond: 2_000 / NODES, writesPerSecond: 50 / NODES },
      faults: ['kill pub/sub'],
      everyMs: 500,
      atLeast: { reads: 10_000, faults: 10 },
    });
    process.stdout.write(`killed pub/sub: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ ...NOTHING_STALE, lostEvents: 0, failedWrites: 0 });
    expect(report.writes).toBeGreaterThan(100);
  });
});
