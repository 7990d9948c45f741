import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { startPostgres, type TestPostgres } from '../support/postgres-server.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';
import { createRenter, type Renter } from './renter.ts';

const CLIENTS = 16;

function readiness(node: TestEdgebook | undefined): Promise<number> {
  return fetch(`${node?.origin}/readyz`).then(({ status }) => status);
}

/** What docs/operations.md promises of two nodes on one Postgres and one Redis. */
describe('two nodes on one Postgres and one Redis', () => {
  const leaving = new AbortController();
  let postgres: TestPostgres;
  let redis: TestRedis;
  let nodes: TestEdgebook[] = [];
  let one: Renter;
  let other: Renter;

  function startNode(): Promise<TestEdgebook> {
    return startEdgebook({
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      DEMO_MARKET: 'true',
    });
  }

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    nodes = await Promise.all([startNode(), startNode()]);
    [one, other] = nodes.map((node) => createRenter(node)) as [Renter, Renter];
  });

  afterAll(async () => {
    leaving.abort();
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([postgres?.stop(), redis?.stop()]);
  });

  test('a booking on one is pushed by the other, which then never shows the old status', async () => {
    const followed = await other.follow(leaving.signal);
    const gpu = await other.freeGpu();
    expect(await other.statusOf(gpu)).toBe('AVAILABLE');
    await one.book(gpu);
    expect(await followed.changeOf(gpu)).toMatchObject({ status: 'BOOKED' });
    expect(await other.statusOf(gpu)).toBe('BOOKED');
  });

  test(`of ${CLIENTS} clients who race for one GPU at both, one wins and the others get alternatives`, async () => {
    const gpu = await one.freeGpu();
    const attempts = Array.from({ length: CLIENTS }, (_, index) => (index % 2 ? one : other));
    const answers = await Promise.all(attempts.map((renter) => renter.book(gpu)));
    const won = answers.filter((answer) => answer.__typename === 'CreateBookingSuccess');
    const lost = answers.filter((answer) => answer.__typename === 'GpuUnavailableError');
    expect([won.length, lost.length]).toEqual([1, CLIENTS - 1]);
    for (const { alternatives } of lost) expect(alternatives).not.toEqual([]);
  });

  test('without Redis bookings are decided as ever, and told when it is back', async () => {
    const followed = await other.follow(leaving.signal);
    const gpu = await one.freeGpu();
    await redis.kill();
    expect(await one.book(gpu)).toMatchObject({ __typename: 'CreateBookingSuccess' });
    expect(await other.book(gpu)).toMatchObject({ code: 'GPU_UNAVAILABLE' });
    expect(await other.statusOf(gpu)).toBe('BOOKED');
    await redis.restart();
    expect(await followed.changeOf(gpu)).toMatchObject({ status: 'BOOKED' });
  });

  test('what a killed node committed and did not publish is told by the one that lives', async () => {
    const followed = await other.follow(leaving.signal);
    const gpu = await one.freeGpu();
    await redis.kill();
    expect(await one.book(gpu)).toMatchObject({ __typename: 'CreateBookingSuccess' });
    await nodes[0]?.kill();
    await redis.restart();
    expect(await followed.changeOf(gpu)).toMatchObject({ status: 'BOOKED' });
    nodes[0] = await startNode();
    one = createRenter(nodes[0]);
    expect(await one.statusOf(gpu)).toBe('BOOKED');
  });

  test('without Postgres a node says so and stays, and is ready again by itself', async () => {
    const gpu = await one.freeGpu();
    await postgres.kill();
    await until(async () => (await readiness(nodes[0])) === 503, { what: 'the 503' });
    await expect(one.book(gpu, 'in-the-dark')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await postgres.restart();
    await until(async () => (await readiness(nodes[0])) === 200, { what: 'the readiness' });
    expect(await one.book(gpu, 'in-the-dark')).toMatchObject({ replayed: false });
  });
});
