import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/domain/errors.ts';
import { HOUR_MS, toIso } from '../../../src/domain/time.ts';
import { openPostgres, type Database, type Db } from '../../../src/store/database.ts';
import { orUnavailable } from '../../../src/store/failures.ts';
import { databaseNow, lockAccount, tryLockIdempotencyKey } from '../../../src/store/locks.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { unitsOutOfStep } from '../../../src/store/unit-write-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { freePort } from '../../support/free-port.ts';
import { seedMarket, viewer, writeProviderStatus } from '../../support/market-seed.ts';
import { createTestDatabase } from '../../support/postgres.ts';

function open(url: string, lost: Error[] = []): Promise<Database> {
  const limits = { maxConnections: 4, connectTimeoutMs: 5000, statementTimeoutMs: 5000 };
  return openPostgres({ url, ...limits }, (error) => lost.push(error));
}

async function insertBooking(db: Db, gpuId: string, hours: readonly [number, number]) {
  const [starts_at, ends_at] = hours.map((hour) => toIso(hour * HOUR_MS)) as [string, string];
  const account = viewer('RENTER').accountId;
  await db.insertInto('account').values({ id: account, role: 'RENTER', name: account }).execute();
  const terms = { rate_micros: 1n, gpu_count: 1, total_micros: 1n, created_at: starts_at };
  const row = {
    id: randomUUID(),
    gpu_id: gpuId,
    account_id: account,
    starts_at,
    ends_at,
    ...terms,
  };
  await db
    .insertInto('booking')
    .values({ ...row, status: 'CONFIRMED' })
    .execute();
  return row.id;
}

describeOnBothEngines('a database', (node) => {
  test('gives instants in milliseconds and bigints, and keeps both exactly', async () => {
    const { rows } = await sql<{ at: unknown; big: unknown; whole: unknown }>`
      SELECT timestamptz '2026-11-23 06:02:28.123987+02' AS at, 9007199254740993::bigint AS big,
             timestamptz '2026-11-23 06:02:28Z' AS whole`.execute(node().db);
    expect(rows).toEqual([
      {
        at: Date.UTC(2026, 10, 23, 4, 2, 28, 123),
        big: 9_007_199_254_740_993n,
        whole: Date.UTC(2026, 10, 23, 6, 2, 28),
      },
    ]);
  });

  test('has a clock that goes on inside a transaction', async () => {
    await node()
      .db.transaction()
      .execute(async (tx) => {
        const first = await databaseNow(tx);
        await sql`SELECT pg_sleep(0.02)`.execute(tx);
        expect(await databaseNow(tx)).toBeGreaterThan(first);
      });
  });

  test('itself refuses an overlap, whatever the code above it does', async () => {
    const { db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const id = await insertBooking(db, gpuId, [2, 4]);
    await insertBooking(db, gpuId, [4, 6]);
    await expect(insertBooking(db, gpuId, [3, 5])).rejects.toMatchObject({ code: '23P01' });
    await db.updateTable('booking').set({ status: 'CANCELLED' }).where('id', '=', id).execute();
    await expect(insertBooking(db, gpuId, [2, 4])).resolves.toBeDefined();
  });

  test('knows the units whose status contradicts their provider’s', async () => {
    const { db } = node();
    const { unit, provider, rival } = await seedMarket(db);
    const [available, broken] = [await unit(), await unit({ declared: 'MAINTENANCE' })];
    const own = await unit({ declared: 'OFFLINE', provider: rival });
    const outOfStep = async (): Promise<string[]> =>
      (await unitsOutOfStep(db, 1000)).filter((id) => [available, broken, own].includes(id));
    expect(await outOfStep()).toEqual([]);
    await writeProviderStatus(db, provider, 'SUSPENDED');
    await writeProviderStatus(db, rival, 'OFFLINE');
    expect(await outOfStep()).toEqual([available, broken].toSorted());
    await db
      .updateTable('gpu')
      .set({ current_status: 'OFFLINE' })
      .where('id', 'in', [available, broken])
      .execute();
    expect(await outOfStep()).toEqual([]);
    await writeProviderStatus(db, provider, 'DEGRADED');
    expect(await outOfStep()).toEqual([available, broken].toSorted());
  });

  test('is migrated once', async () => {
    expect(await migrate(node().db)).toEqual([]);
  });
});

describeOnBothEngines('a transaction', (node) => {
  test('that lost a race runs again from its start, at most three times', async () => {
    let attempts = 0;
    const lost = inTransaction(node().db, async (tx) => {
      attempts += 1;
      await sql`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$`.execute(tx);
    });
    await expect(lost).rejects.toMatchObject({ code: '40P01' });
    expect(attempts).toBe(4);
    const won = inTransaction(node().db, async (tx) => {
      attempts += 1;
      const state = attempts === 5 ? '40001' : '00000';
      if (state === '40001')
        await sql`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$`.execute(tx);
      return attempts;
    });
    expect(await won).toBe(6);
  });

  test('that fails otherwise is not repeated and tells nobody of a commit', async () => {
    const told: string[] = [];
    let attempts = 0;
    const attempt = inTransaction(
      node().db,
      async () => {
        attempts += 1;
        throw new Error('a bug');
      },
      { beforeCommit: () => told.push('commit'), rolledBack: () => told.push('rollback') },
    );
    await expect(attempt).rejects.toThrow('a bug');
    expect([attempts, told]).toEqual([1, []]);
  });
});

describe('on Postgres', () => {
  test('several processes may migrate at once', async () => {
    const database = await createTestDatabase();
    const databases = await Promise.all([
      open(database.url),
      open(database.url),
      open(database.url),
    ]);
    const ran = await Promise.all(databases.map(({ db }) => migrate(db)));
    expect(ran.flat()).toEqual(['0001-market', '0002-fleet', '0003-exchange']);
    await Promise.all(databases.map(({ close }) => close()));
    await database.drop();
  });

  test('a server that is away is STORE_UNAVAILABLE, for reads and writes', async () => {
    const { db, close } = await open(`postgres://postgres@127.0.0.1:${await freePort()}/postgres`);
    await expect(orUnavailable(() => databaseNow(db))).rejects.toThrow(StoreUnavailableError);
    await expect(inTransaction(db, databaseNow)).rejects.toThrow(StoreUnavailableError);
    await close();
  });

  test('a connection that is lost before COMMIT leaves nothing; one lost in COMMIT is in doubt', async () => {
    const database = await createTestDatabase();
    const lost: Error[] = [];
    const { db, close } = await open(database.url, lost);
    const told: string[] = [];
    const hooks = {
      rolledBack: () => told.push('rolled back'),
      inDoubt: () => told.push('in doubt'),
    };
    const cut = sql`SELECT pg_terminate_backend(pg_backend_pid())`;
    const before = inTransaction(db, async (tx) => void (await cut.execute(tx)), hooks);
    await expect(before).rejects.toThrow(StoreUnavailableError);
    expect(told).toEqual([]);
    await sql`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`.execute(db);
    await sql`CREATE TABLE doomed (id integer)`.execute(db);
    await sql`CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON doomed DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION cut()`.execute(db);
    const insert = sql`INSERT INTO doomed VALUES (1)`;
    const during = inTransaction(db, async (tx) => void (await insert.execute(tx)), hooks);
    await expect(during).rejects.toThrow(StoreUnavailableError);
    expect(told).toEqual(['in doubt']);
    expect(lost.length).toBeGreaterThanOrEqual(2);
    await close();
    await database.drop();
  });

  test('an idempotency key and an account are locked until the transaction ends', async () => {
    const database = await createTestDatabase();
    const { db, close } = await open(database.url);
    const order: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (tx) => {
      expect(await tryLockIdempotencyKey(tx, 'renter', 'key')).toBe(true);
      await lockAccount(tx, 'renter');
      // The lock travels with a statement whose rows are wanted.
      await databaseNow(tx);
      await db.transaction().execute(async (other) => {
        expect(await tryLockIdempotencyKey(other, 'renter', 'key')).toBe(false);
        expect(await tryLockIdempotencyKey(other, 'renter', 'other key')).toBe(true);
      });
      second = db
        .transaction()
        .execute((other) => lockAccount(other, 'renter'))
        .then(() => order.push('second'));
      await sql`SELECT pg_sleep(0.05)`.execute(tx);
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
    await close();
    await database.drop();
  });
});
