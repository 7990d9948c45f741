import { expect, test } from 'vitest';
import { InvalidInputError } from '../../../src/domain/errors.ts';
import type { InvalidateCacheCommand } from '../../../src/market/command-types.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, cancellationOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { entriesSince, eventsSince, markOutbox } from '../../support/outbox.ts';
import { seedMarket, USD, viewer } from '../../support/market-seed.ts';

function invalidation(change: Partial<InvalidateCacheCommand> = {}): InvalidateCacheCommand {
  return { namespace: 'GPU_PRICING', resourceId: null, keys: null, reason: 'looks old', ...change };
}

async function auditOf({ db }: MarketNode, accountId: string) {
  return db
    .selectFrom('audit')
    .select(['action', 'subject', 'reason'])
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();
}

describeOnBothEngines('the audit', (node) => {
  test('keeps who did what, to what and why', async () => {
    const { market, db } = node();
    const { unit, provider, big, home } = await seedMarket(db);
    const gpuId = await unit();
    const operator = viewer('OPERATOR');
    const { id } = (await market.createBooking(viewer('RENTER'), bookingOf(gpuId))).booking;
    await market.cancelBooking(operator, cancellationOf(id, { reason: 'fraud' }));
    const broken = { gpuId, status: 'MAINTENANCE', reason: 'fan', ifVersion: null } as const;
    await market.setGpuStatus(operator, broken);
    await market.setProviderStatus(operator, { provider, status: 'SUSPENDED', reason: 'abuse' });
    const price = { gpuType: big, region: home, rateMicros: USD, reason: 'glut' };
    await market.updatePricing(operator, price);
    await market.invalidateCache(operator, invalidation({ resourceId: `${big}@${home}` }));
    expect(await auditOf(node(), operator.accountId)).toEqual([
      { action: 'cancelBooking', subject: id, reason: 'fraud' },
      { action: 'setGpuStatus', subject: gpuId, reason: 'fan' },
      { action: 'setProviderStatus', subject: provider, reason: 'abuse' },
      { action: 'updatePricing', subject: `${big}@${home}`, reason: 'glut' },
      { action: 'invalidateCache', subject: `${big}@${home}`, reason: 'looks old' },
    ]);
  });

  test('keeps nothing of what was refused', async () => {
    const { market } = node();
    const operator = viewer('OPERATOR');
    const price = { gpuType: 'unknown', region: 'nowhere', rateMicros: USD, reason: 'glut' };
    await market.updatePricing(operator, price).catch(() => undefined);
    expect(await auditOf(node(), operator.accountId)).toEqual([]);
  });
});

describeOnBothEngines('an invalidation', (node) => {
  test('of a resource names its keys in its partition, and tells its place in the log', async () => {
    const { market, db } = node();
    const { unit, big, home } = await seedMarket(db);
    const gpuId = await unit();
    const command = invalidation({ namespace: 'GPU_AVAILABILITY', resourceId: gpuId });
    const { event, nodesNotified } = await market.invalidateCache(viewer('OPERATOR'), command);
    expect(event.event).toMatchObject({
      type: 'MANUAL_INVALIDATION',
      resourceId: gpuId,
      region: home,
      affectedNamespaces: ['GPU_AVAILABILITY'],
    });
    expect(event.event.keys.map(({ key }) => key)).toEqual([
      `gpu:${gpuId}`,
      `list:${big}@${home}`,
      `summary:${big}@${home}`,
    ]);
    expect(event.sequence).toBeGreaterThan(event.base);
    expect(nodesNotified).toBe(1);
  });

  test('of a whole namespace goes to every partition, as one event', async () => {
    const { market, db } = node();
    const mark = await markOutbox(db);
    await market.invalidateCache(viewer('OPERATOR'), invalidation());
    expect(await entriesSince(db, mark)).toHaveLength(16);
    expect(await eventsSince(db, mark)).toHaveLength(1);
  });

  test('makes this node load the value anew', async () => {
    const { market, db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    await market.reads.prices([pair]);
    expect((await market.reads.prices([pair]))[0]?.servedFrom).toBe('L1');
    await db
      .updateTable('pair')
      .set({ rate_micros: 7n * USD })
      .where('region', '=', home)
      .execute();
    await market.invalidateCache(
      viewer('OPERATOR'),
      invalidation({ keys: [`price:${big}@${home}`] }),
    );
    expect((await market.reads.prices([pair]))[0]).toMatchObject({
      servedFrom: 'DATABASE',
      value: { rateMicros: 7n * USD },
    });
  });

  test.each<[string, Partial<InvalidateCacheCommand>]>([
    ['without a reason', { reason: '' }],
    ['with too long a reason', { reason: 'r'.repeat(501) }],
    ['of a resource without a name', { resourceId: '' }],
    ['of a resource with too long a name', { resourceId: 'r'.repeat(257) }],
    ['of a resource with a NUL in its name', { resourceId: 'a\u0000' }],
    ['of half a surrogate pair', { keys: ['\ud800'] }],
    ['of more than 1000 keys', { keys: Array.from({ length: 1001 }, (_, index) => `k${index}`) }],
    ['of an empty key', { keys: ['price', ''] }],
  ])('%s is refused', async (_, change) => {
    const attempt = node().market.invalidateCache(viewer('OPERATOR'), invalidation(change));
    expect((await refusalOf(InvalidInputError, attempt)).path?.[0]).toBe('input');
  });
});
