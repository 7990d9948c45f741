import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/domain/errors.ts';
import { startSettlePending } from '../../../src/market/jobs/settle-pending.ts';
import { bookingOf } from '../../support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { fromNow, seedMarket, viewer } from '../../support/market-seed.ts';
import { unpublished } from '../../support/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { until } from '../../support/wait.ts';

let database: TestDatabase;
let node: MarketNode;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startMarketNode({ database });
});

afterAll(async () => {
  await node.stop();
  await database.drop();
});

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

const nothingPends = (): boolean => node.cache.pendingEvents().length === 0;

/** Ends the connection of every transaction that inserts a booking, while it commits. */
async function cutCommits(): Promise<void> {
  await sql`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`.execute(node.db);
  await sql`CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON booking DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cut()`.execute(node.db);
}

describe('a booking whose answer from the database is lost in COMMIT', () => {
  test('is told as unavailable, and the same call again books once', async () => {
    const gpuId = await (await seedMarket(node.db)).unit();
    const renter = viewer('RENTER');
    const command = bookingOf(gpuId, fromNow());
    await node.market.createBooking(renter, bookingOf(await (await seedMarket(node.db)).unit()));
    await cutCommits();
    await expect(node.market.createBooking(renter, command)).rejects.toThrow(StoreUnavailableError);
    const doubtful = node.cache.pendingEvents().length;
    expect(doubtful).toBeGreaterThan(0);
    expect((await node.market.reads.units([gpuId]))[0]?.value?.status).toBe('AVAILABLE');
    await sql`DROP TRIGGER cut ON booking`.execute(node.db);
    await until(() => node.cache.pendingEvents().length < doubtful, {
      what: 'the end of the doubt',
    });
    expect((await node.market.createBooking(renter, command)).replayed).toBe(false);
    expect((await node.market.createBooking(renter, command)).replayed).toBe(true);
    expect((await node.market.reads.units([gpuId]))[0]?.value?.status).toBe('BOOKED');
  });
});

describe('an event that another node published while this one heard nothing', () => {
  test('is let go of as soon as its outbox row says so', async () => {
    const gpuId = await (await seedMarket(node.db)).unit();
    await node.bus.stop();
    await node.market.createBooking(viewer('RENTER'), bookingOf(gpuId, fromNow()));
    expect(nothingPends()).toBe(false);
    expect((await node.market.reads.units([gpuId]))[0]).toMatchObject({
      servedFrom: 'DATABASE',
      value: { status: 'BOOKED' },
    });
    const other = await startMarketNode({ database, nodeId: 'other', jobs: true });
    const settling = startSettlePending(node.db, node.cache, SILENT);
    try {
      const isOut = async (): Promise<boolean> => (await unpublished(node.db)) === 0;
      await until(isOut, { what: 'the publication by the other node' });
      await until(nothingPends, { what: 'the end of the pending keys' });
    } finally {
      await settling.stop();
      await other.stop();
    }
  });
});
