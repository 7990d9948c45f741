import { expect, test } from 'vitest';
import { liveRace } from '../support/live-race/live-race.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { FAULT_NAMES } from '../support/race/faults.ts';
import { startRedis } from '../support/redis.ts';

/** The short race; `npm run race:live` is the long one. */
test('subscribers of three nodes see each version once and in order, or are told, whatever Redis does', async () => {
  const [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  try {
    const report = await liveRace({
      databaseUrl: database.url,
      redis,
      nodes: 3,
      subscribers: 4,
      writesPerSecond: 40,
      faults: FAULT_NAMES,
      everyMs: 700,
    });
    process.stdout.write(`live: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({
      wentBack: 0,
      missed: 0,
      staleAnswers: 0,
      diverged: 0,
      examples: [],
    });
    expect(report.resumed).toBeGreaterThan(0);
    expect(report.startedAnew).toBeGreaterThan(0);
    expect(report.questions).toBeGreaterThan(0);
  } finally {
    await redis.stop();
    await database.drop();
  }
}, 120_000);
