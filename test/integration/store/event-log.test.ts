import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CacheEvent, CacheEventType } from '../../../src/domain/cache-event.ts';
import type { LogPosition } from '../../../src/domain/log-position.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import type { Db } from '../../../src/store/database.ts';
import { logHeads, readEventLog } from '../../../src/store/event-log-store.ts';
import * as outbox from '../../../src/store/outbox-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';

const [EAST, WEST] = ['log-east', 'log-west-1'];
const BASE = 1000n;

function event(region: string, type: CacheEventType, keyRegion = region): CacheEvent {
  return {
    eventId: randomUUID(),
    type,
    resourceId: region,
    data: {},
    timestamp: Date.now(),
    sourceNode: 'test',
    affectedNamespaces: ['GPU_PRICING'],
    keys: [{ namespace: 'GPU_PRICING', key: 'price:x', region: keyRegion }],
    region,
    version: null,
  };
}

let sequence = BASE;

function placed(id: bigint, position: LogPosition): outbox.PublishedRow {
  return { id, ...position, receivers: 2, keysDeleted: 1 };
}

/** Writes an event and marks all its rows as published. */
async function publish(db: Db, one: CacheEvent): Promise<LogPosition> {
  sequence += 1n;
  const position = { base: BASE, sequence };
  await db.transaction().execute(async (tx) => {
    await outbox.appendEvents(tx, [one], Date.now() - 5000);
    for (const partition of outbox.partitionsOf(one)) {
      const waiting = await outbox.claimUnpublished(tx, [partition], 100);
      const rows = waiting.filter((row) => row.event.eventId === one.eventId);
      const done = rows.map(({ id }) => placed(id, position));
      await outbox.markPublished(tx, done);
    }
  });
  return position;
}

describeOnBothEngines('the event log', (node) => {
  async function read(
    page: Partial<Parameters<typeof readEventLog>[1]> = {},
  ): Promise<readonly string[]> {
    const request = { first: 100, after: null, types: null, ...page };
    return (await readEventLog(node().db, request)).map(({ event: { eventId } }) => eventId);
  }

  test('gives the newest events, oldest first, each once and none that waits', async () => {
    const { db } = node();
    const events = [
      event(EAST, 'PRICING_UPDATED'),
      event(WEST, 'BOOKING_CREATED', EAST),
      event(EAST, 'BOOKING_CREATED'),
    ];
    for (const one of events) await publish(db, one);
    await db
      .transaction()
      .execute((tx) => outbox.appendEvents(tx, [event(EAST, 'PRICING_UPDATED')], Date.now()));
    const ids = events.map(({ eventId }) => eventId);
    expect((await read()).slice(-3)).toEqual(ids);
    expect(await read({ first: 2 })).toEqual(ids.slice(-2));
    expect((await read({ types: ['BOOKING_CREATED'] })).slice(-2)).toEqual(ids.slice(-2));
  });

  test('goes on after a position, in its partition and in the others', async () => {
    const { db } = node();
    const [seen, east, west] = [
      event(EAST, 'PRICING_UPDATED'),
      event(EAST, 'PRICING_UPDATED'),
      event(WEST, 'PRICING_UPDATED'),
    ];
    const position = await publish(db, seen);
    await publish(db, east);
    const last = await publish(db, west);
    const after = new Map([[partitionOf(EAST), position]]);
    expect(await read({ after })).toEqual([east.eventId, west.eventId]);
    expect(await read({ after, first: 1 })).toEqual([east.eventId]);
    expect(await read({ after: new Map([...after, [partitionOf(WEST), last]]) })).toEqual([
      east.eventId,
    ]);
  });

  test('begins at its start after a position that names nothing', async () => {
    expect(await read({ after: new Map() })).toEqual(await read());
  });

  test('knows the head of each partition', async () => {
    const position = await publish(node().db, event(EAST, 'PRICING_UPDATED'));
    expect((await logHeads(node().db)).get(partitionOf(EAST))).toEqual(position);
  });

  test('knows what became of an event', async () => {
    const one = event(WEST, 'BOOKING_CREATED', EAST);
    const position = await publish(node().db, one);
    const done = { ...position, receivers: 2, keysDeleted: 1 };
    expect(await outbox.publicationsOf(node().db, one.eventId)).toEqual(
      expect.arrayContaining([
        { partition: partitionOf(WEST), ...done },
        { partition: partitionOf(EAST), ...done },
      ]),
    );
  });
});

describeOnBothEngines('the lag of the outbox', (node) => {
  test('is the wait of the oldest event that may go out', async () => {
    const { db } = node();
    expect(await outbox.outboxLagMs(db)).toBe(0);
    const append = (type: CacheEventType, agoMs: number): Promise<void> =>
      db
        .transaction()
        .execute((tx) => outbox.appendEvents(tx, [event(EAST, type)], Date.now() - agoMs));
    await append('MARKET_STATS_UPDATED', 0);
    expect(await outbox.outboxLagMs(db)).toBe(0);
    await append('PRICING_UPDATED', 60_000);
    expect(await outbox.outboxLagMs(db)).toBeGreaterThanOrEqual(59_000);
  });
});
