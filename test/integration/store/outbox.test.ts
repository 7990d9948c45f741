import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CacheEvent, CacheEventType } from '../../../src/domain/cache-event.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { HOUR_MS, toIso } from '../../../src/domain/time.ts';
import type { Db } from '../../../src/store/database.ts';
import { tryLockPartitions } from '../../../src/store/locks.ts';
import * as outbox from '../../../src/store/outbox-store.ts';
import { deleteExpired } from '../../../src/store/retention-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf } from '../../support/market-commands.ts';
import { markOutbox } from '../../support/outbox.ts';
import { inHours, seedMarket, viewer } from '../../support/market-seed.ts';

const REGION = 'outbox-1';
const PARTITION = partitionOf(REGION);

function event(type: CacheEventType, change: Partial<CacheEvent> = {}): CacheEvent {
  return {
    eventId: randomUUID(),
    type,
    resourceId: `h100@${REGION}`,
    data: { text: 'ünïcode "quoted"' },
    timestamp: Date.now() - HOUR_MS,
    sourceNode: 'test',
    affectedNamespaces: ['GPU_AVAILABILITY'],
    keys: [],
    region: REGION,
    version: null,
    ...change,
  };
}

function ago(hours: number): string {
  return toIso(Date.now() - hours * HOUR_MS);
}

function append(db: Db, events: readonly CacheEvent[], now = Date.now() - HOUR_MS) {
  return db.transaction().execute((tx) => outbox.appendEvents(tx, events, now));
}

function claim(db: Db, limit = 100) {
  return db.transaction().execute((tx) => outbox.claimUnpublished(tx, [PARTITION], limit));
}

/** Where a log would have put a row. */
function placed({ id }: { readonly id: bigint }): outbox.PublishedRow {
  return { id, base: 1n, sequence: id, receivers: 1, keysDeleted: 0 };
}

describeOnBothEngines('the outbox', (node) => {
  test('gives events back unchanged, critical ones first, then in the order of writing', async () => {
    const { db } = node();
    await markOutbox(db);
    const events = [
      event('MARKET_STATS_UPDATED'),
      event('PROVIDER_STATUS_CHANGED'),
      event('PRICING_UPDATED'),
      event('GPU_AVAILABILITY_CHANGED'),
    ];
    await append(db, events);
    const [stats, provider, price, unit] = events;
    const rows = await claim(db);
    expect(rows.map((row) => row.event)).toEqual([price, unit, provider, stats]);
    expect((await claim(db, 2)).map((row) => row.event)).toEqual([price, unit]);
  });

  test('forgets nothing until it is told that a row was published', async () => {
    const { db } = node();
    await markOutbox(db);
    await append(db, [event('PRICING_UPDATED'), event('PRICING_UPDATED')]);
    const [first, second] = await claim(db);
    await db
      .transaction()
      .execute((tx) => outbox.markPublished(tx, first === undefined ? [] : [placed(first)]));
    expect(await claim(db)).toEqual([second]);
    expect(await outbox.partitionsWithWork(db)).toEqual([PARTITION]);
    expect((await outbox.outboxBacklog(db)).pending).toBe(1);
  });

  test('joins a debounced event to the one of its pair that waits', async () => {
    const { db } = node();
    await markOutbox(db);
    const [first, second] = [event('MARKET_STATS_UPDATED'), event('MARKET_STATS_UPDATED')];
    const other = event('MARKET_STATS_UPDATED', { resourceId: `a100@${REGION}` });
    for (const one of [first, second, other]) await append(db, [one]);
    const waiting = await claim(db);
    expect(waiting.map((row) => row.event.eventId)).toEqual([first.eventId, other.eventId]);
    await db.transaction().execute((tx) => outbox.markPublished(tx, waiting.map(placed)));
    await append(db, [second]);
    expect((await claim(db)).map((row) => row.event)).toEqual([second]);
  });

  test('keeps a debounced event back for a second', async () => {
    const { db } = node();
    await markOutbox(db);
    await append(
      db,
      [event('MARKET_STATS_UPDATED'), event('PRICING_UPDATED')],
      Date.now() + HOUR_MS,
    );
    expect(await claim(db)).toEqual([]);
    await markOutbox(db);
    const justNow = Date.now();
    await append(db, [event('MARKET_STATS_UPDATED')], justNow);
    expect((await outbox.outboxBacklog(db)).oldestAt).toBe(justNow + 1000);
  });

  test('has a row for every partition whose keys an event makes old', async () => {
    const { db } = node();
    await markOutbox(db);
    const key = { namespace: 'PROVIDER_STATUS', key: 'provider:acme', region: '*' } as const;
    await append(db, [event('GPU_AVAILABILITY_CHANGED', { keys: [key] })]);
    const partitions = new Set(await outbox.partitionsWithWork(db));
    expect(partitions).toEqual(new Set([PARTITION, partitionOf('*')]));
  });

  test('tells which events were committed', async () => {
    const { db } = node();
    const written = event('PRICING_UPDATED');
    await append(db, [written]);
    const ids = [written.eventId, randomUUID()];
    expect(await outbox.committedEvents(db, ids)).toEqual(new Set([written.eventId]));
  });
});

describeOnBothEngines('a partition', (node) => {
  test('has one publisher at a time, until its transaction ends', async () => {
    const { db } = node();
    const lock = (): Promise<number[]> =>
      db.transaction().execute((tx) => tryLockPartitions(tx, [PARTITION]));
    expect(await lock()).toEqual([PARTITION]);
    expect(await lock()).toEqual([PARTITION]);
  });
});

describeOnBothEngines('retention', (node) => {
  test('deletes what stopped mattering long enough ago, and nothing else', async () => {
    const { market, db } = node();
    await deleteExpired(db);
    const { unit } = await seedMarket(db);
    const renter = viewer('RENTER');
    const [old, young] = [await unit(), await unit()];
    for (const gpuId of [old, young]) {
      await market.quote(renter, gpuId, inHours(4));
      await market.createBooking(renter, bookingOf(gpuId));
    }
    await db
      .updateTable('quote')
      .set({ valid_until: ago(0.2) })
      .where('gpu_id', '=', old)
      .execute();
    await db
      .updateTable('idempotency')
      .set({ created_at: ago(24.1) })
      .where('request', 'like', `%${old}%`)
      .execute();
    await db.deleteFrom('outbox').execute();
    await append(db, [
      event('PRICING_UPDATED'),
      event('PRICING_UPDATED'),
      event('PRICING_UPDATED'),
    ]);
    const rows = await db.selectFrom('outbox').select('id').orderBy('id').execute();
    for (const [index, hours] of [25, 23].entries())
      await db
        .updateTable('outbox')
        .set({ published_at: ago(hours) })
        .where('id', '=', rows[index]?.id ?? 0n)
        .execute();
    const nothing = { candle: 0, edge_node: 0, outbox: 0, idempotency: 0, quote: 0 };
    const expired = { ...nothing, outbox: 1, idempotency: 1, quote: 1 };
    expect(await deleteExpired(db)).toEqual(expired);
    expect(await deleteExpired(db)).toEqual(nothing);
  });
});
