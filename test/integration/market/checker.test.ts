import { expect, test } from 'vitest';
import { createChecker, type Checker } from '../../../src/market/jobs/checker.ts';
import { createReads } from '../../../src/market/reads.ts';
import type { MarketReads } from '../../../src/market/types.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { until } from '../../support/wait.ts';

interface Checked {
  readonly reads: MarketReads;
  readonly checker: Checker;
  /** Namespaces of what was found, and checks that have ended. */
  readonly found: string[];
  readonly isBehindAsked: () => number;
}

/** Reads of which every hit is checked, after 20 ms. */
function checkedReads({ cache, db }: MarketNode, behind = false): Checked {
  const found: string[] = [];
  let ended = 0;
  const checker = createChecker({
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    onInconsistent: (namespace) => found.push(namespace),
    isBehind: () => {
      ended += 1;
      return behind;
    },
    oneOf: 1,
    lagWindowMs: 20,
  });
  return { reads: createReads(cache, db, checker), checker, found, isBehindAsked: () => ended };
}

describeOnBothEngines('the checker', (node) => {
  test('finds nothing in a market whose changes are told', async () => {
    const { market, db } = node();
    const { unit, big, home } = await seedMarket(db);
    const gpuId = await unit();
    const pair = { gpuType: big, region: home };
    const { reads, checker, found, isBehindAsked } = checkedReads(node());
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([reads.units([gpuId]), reads.unitLists([pair]), reads.summaries([pair])]);
    }
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId));
    await until(() => isBehindAsked() > 0, { what: 'a check' });
    await checker.stop();
    expect(found).toEqual([]);
  });

  test('finds what was written behind the outbox', async () => {
    const { db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const { reads, checker, found } = checkedReads(node());
    await reads.prices([pair]);
    await db
      .updateTable('pair')
      .set({ rate_micros: 9n * USD })
      .where('region', '=', home)
      .execute();
    expect((await reads.prices([pair]))[0]?.servedFrom).toBe('L1');
    await until(() => found.length > 0, { what: 'the discovery' });
    expect(found).toEqual(['GPU_PRICING']);
    await checker.stop();
  });

  test('says nothing while changes wait for the bus', async () => {
    const { db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const { reads, checker, found, isBehindAsked } = checkedReads(node(), true);
    await reads.prices([pair]);
    await db
      .updateTable('pair')
      .set({ rate_micros: 9n * USD })
      .where('region', '=', home)
      .execute();
    await reads.prices([pair]);
    await until(() => isBehindAsked() > 0, { what: 'the check' });
    await checker.stop();
    expect(found).toEqual([]);
  });
});
