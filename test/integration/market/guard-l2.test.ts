import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startGuardL2 } from '../../../src/market/jobs/guard-l2.ts';
import { appendEvents } from '../../../src/store/outbox-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { markOutbox } from '../../support/outbox.ts';
import { until } from '../../support/wait.ts';

describeOnBothEngines('a change that waits for the bus', (node) => {
  test('makes the caches distrusted after 3 s, until it is out', async () => {
    const { db } = node();
    await markOutbox(db);
    const told: boolean[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const cache = { distrustL2: (distrusted: boolean) => void told.push(distrusted) };
    const guard = startGuardL2(db, cache, logger);
    await until(() => told.length > 0, { what: 'a first look' });
    expect([told, guard.isBehind()]).toEqual([[false], false]);
    const event = {
      eventId: randomUUID(),
      type: 'PRICING_UPDATED' as const,
      resourceId: 'a@b',
      data: {},
      timestamp: Date.now(),
      sourceNode: 'test',
      affectedNamespaces: ['GPU_PRICING' as const],
      keys: [],
      region: 'b',
      version: null,
    };
    const committedAt = Date.now() - 3500;
    await db.transaction().execute((tx) => appendEvents(tx, [event], committedAt));
    await until(() => guard.isBehind(), { what: 'the distrust' });
    expect(told.at(-1)).toBe(true);
    await markOutbox(db);
    await until(() => !guard.isBehind(), { what: 'the trust' });
    expect(told.at(-1)).toBe(false);
    await guard.stop();
  });
});
