import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../support/postgres-server.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { startRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function redisWithClient() {
  const redis = await startRedis();
  const client = new Redis(redis.url, { retryStrategy: () => 20, commandTimeout: 200 });
  client.on('error', () => {});
  cleanups.push(
    () => redis.stop(),
    () => client.disconnect(),
  );
  return { redis, client };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the tests’ Redis', () => {
  test('restarts empty on the same port', async () => {
    const { redis, client } = await redisWithClient();
    await client.set('key', 'value');
    const firstPid = redis.pid;
    await redis.restart();
    expect(redis.pid).not.toBe(firstPid);
    expect(await until(async () => (await client.exists('key')) === 0)).toBe(true);
  });

  test('does not answer while it is paused, and keeps its data', async () => {
    const { redis, client } = await redisWithClient();
    await client.set('key', 'value');
    redis.pause();
    await expect(client.get('key')).rejects.toThrow('timed out');
    redis.resume();
    expect(await until(() => client.get('key'))).toBe('value');
  });

  test('is gone after a kill, and a stop afterwards is harmless', async () => {
    const { redis } = await redisWithClient();
    await redis.kill();
    expect(() => process.kill(redis.pid, 0)).toThrow('ESRCH');
    await redis.stop();
  });
});

describe('the tests’ Postgres', () => {
  test('gives every test file an empty database of its own, and drops it under open connections', async () => {
    const [one, two] = [await createTestDatabase(), await createTestDatabase()];
    cleanups.push(() => two.drop());
    await query(one.url, 'CREATE TABLE mine (id integer)');
    expect(await query(two.url, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
    const open = new Client({ connectionString: one.url });
    open.on('error', () => {});
    await open.connect();
    await one.drop();
    await expect(query(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  test('has the extension that the exclusion constraint needs', async () => {
    const database = await createTestDatabase();
    cleanups.push(() => database.drop());
    await query(database.url, 'CREATE EXTENSION btree_gist');
    const sql = `SELECT extname FROM pg_extension WHERE extname = 'btree_gist'`;
    expect(await query(database.url, sql)).toHaveLength(1);
  });

  test('comes back with its data after a kill', async () => {
    const postgres = await startPostgres();
    cleanups.push(() => postgres.stop());
    await query(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS id');
    await postgres.kill();
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow();
    await postgres.restart();
    expect(await query(postgres.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });
});
