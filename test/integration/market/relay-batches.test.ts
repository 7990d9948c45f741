import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { GLOBAL_REGION } from '../../../src/domain/partition.ts';
import { appendEvents } from '../../../src/store/outbox-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { viewer } from '../../support/market-seed.ts';

function eventWithKeys(count: number): CacheEvent {
  const namespace = 'HISTORICAL' as const;
  return {
    eventId: randomUUID(),
    type: 'MANUAL_INVALIDATION',
    resourceId: 'many',
    data: {},
    timestamp: Date.now(),
    sourceNode: 'a node that is gone',
    affectedNamespaces: [namespace],
    keys: Array.from({ length: count }, (_, index) => ({
      namespace,
      key: `${index}`,
      region: GLOBAL_REGION,
    })),
    region: GLOBAL_REGION,
    version: null,
  };
}

describeOnBothEngines('what has waited for the bus', (node) => {
  test('goes out in batches of at most 4000 keys, a larger event alone', async () => {
    const { db, market } = node();
    const events = [3000, 1000, 1, 5000].map(eventWithKeys);
    await db.transaction().execute((tx) => appendEvents(tx, events, Date.now()));
    const keys = ['last'];
    const command = { namespace: 'HISTORICAL', resourceId: null, keys, reason: 'a test' } as const;
    const { event } = await market.invalidateCache(viewer('OPERATOR'), command);
    const ids = [...events, event.event].map(({ eventId }) => eventId);
    const rows = await db
      .selectFrom('outbox')
      .select('published_at')
      .where('event_id', 'in', ids)
      .orderBy('id')
      .execute();
    // A batch is published at one instant.
    const [first, ...later] = rows.map((row) => row.published_at);
    const starts = later.map((at, index) => at !== [first, ...later][index]);
    expect([first !== null, ...starts]).toEqual([true, false, true, true, true]);
  });
});
