import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveCrowd } from '../support/exchange/prove-crowd.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** The short fight; `npm run exchange` has the minute-long one. */

let database: TestDatabase;
let redis: TestRedis;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
});

afterAll(async () => {
  await redis.stop();
  await database.drop();
});

describe('four processes that order, book, cancel and reprice in the same books', () => {
  test('show no client a deadlock or a bug, and leave books in which every rule holds', async () => {
    const proof = await proveCrowd({
      databaseUrl: database.url,
      redisUrl: redis.url,
      processes: 4,
      seconds: 6,
    });
    process.stdout.write(`crowd: ${JSON.stringify(proof)}\n`);
    expect(proof.failures).toEqual([]);
    expect(proof.wrong).toEqual([]);
    expect(proof.fills).toBeGreaterThan(0);
    expect(proof.levelChanges).toBeGreaterThan(0);
  });
});
