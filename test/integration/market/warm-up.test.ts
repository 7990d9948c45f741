import { expect, test } from 'vitest';
import { warmUp } from '../../../src/market/warm-up.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { seedMarket } from '../../support/market-seed.ts';

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describeOnBothEngines('a node that starts', (node) => {
  test('holds the largest pairs before anybody asks, and no more than fit', async () => {
    const { market, db, cache } = node();
    const { big, home, away, unit } = await seedMarket(db);
    const small = { gpuType: big, region: away };
    const large = { gpuType: big, region: home };
    await unit({ region: away });
    await unit();
    await unit();
    cache.flush();
    await warmUp(market.reads, { maxEntries: 3, logger });
    const [held, left] = await market.reads.unitLists([large, small]);
    expect(held?.value).toHaveLength(2);
    expect([held?.servedFrom, left?.servedFrom]).toEqual(['L1', 'DATABASE']);
    const [price] = await market.reads.prices([large]);
    expect(price?.servedFrom).toBe('L1');
  });
});
