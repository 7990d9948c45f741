import { describe, expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import type { PlaceOrderCommand } from '../../../src/market/command-types.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { orderCancellationOf, orderOf, refusalOf } from '../../support/market-commands.ts';
import { inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { markOutbox, typesSince } from '../../support/outbox.ts';

type Refused = readonly [
  what: string,
  change: Partial<PlaceOrderCommand>,
  path: readonly string[],
  constraint: string,
];

const start = inHours(4).start;

const REFUSED: readonly Refused[] = [
  ['no units', { quantity: 0 }, ['quantity'], '1-100'],
  ['half a unit', { quantity: 1.5 }, ['quantity'], '1-100'],
  ['more units than 100', { quantity: 101 }, ['quantity'], '1-100'],
  ['units without cards', { gpusPerUnit: 0 }, ['gpusPerUnit'], '1-1024'],
  ['units of more cards than 1024', { gpusPerUnit: 1025 }, ['gpusPerUnit'], '1-1024'],
  ['a limit of 0', { limitMicros: 0n }, ['limitUsdPerGpuHour'], '0 < price <= 1000000'],
  [
    'a limit above a million',
    { limitMicros: 1_000_000n * USD + 1n },
    ['limitUsdPerGpuHour'],
    '0 < price <= 1000000',
  ],
  [
    'a period with seconds',
    { period: { start: start + 1000, end: start + HOUR_MS } },
    ['period', 'start'],
    'whole minutes',
  ],
  ['an empty period', { period: { start, end: start } }, ['period', 'end'], 'start < end'],
  [
    'a period that has begun',
    { period: { start: inHours(-3).start, end: start } },
    ['period', 'start'],
    'start >= the previous full minute',
  ],
  [
    'a period beyond the horizon',
    { period: { start: start + 90 * DAY_MS, end: start + 90 * DAY_MS + HOUR_MS } },
    ['period', 'end'],
    'end <= now + 90 days',
  ],
  ['an expiry that is over', { expiresAt: 1 }, ['expiresAt'], 'expiresAt > now'],
  [
    'a period shorter than every offer allows',
    { period: { start, end: start + MINUTE_MS } },
    ['period'],
    '60-43200 minutes',
  ],
  [
    'a period longer than every offer of its size allows',
    { gpusPerUnit: 4, period: { start, end: start + 3 * HOUR_MS } },
    ['period'],
    '30-90 minutes',
  ],
  [
    'an idempotency key that is empty',
    { idempotencyKey: '' },
    ['idempotencyKey'],
    '1-255 characters',
  ],
];

describeOnBothEngines('an order with bad input', (node) => {
  describe('is refused for', () => {
    test.each(REFUSED)('%s', async (_what, change, path, constraint) => {
      const { market, db } = node();
      const { big, home, unit } = await seedMarket(db);
      await unit();
      await unit({ gpuCount: 4, minutes: [30, 90] });
      const mark = await markOutbox(db);
      const attempt = market.placeOrder(
        viewer('RENTER'),
        orderOf({ gpuType: big, region: home }, change),
      );
      const refusal = await refusalOf(errors.InvalidInputError, attempt);
      expect(refusal.path).toEqual(['input', ...path]);
      expect(refusal.constraint).toBe(constraint);
      expect(await typesSince(db, mark)).toEqual([]);
    });
  });

  test.each(['no-such-type', 'NOT A SLUG', 'nul\0'])('finds no market of %j', async (gpuType) => {
    const { market, db } = node();
    const { home } = await seedMarket(db);
    const attempt = market.placeOrder(viewer('RENTER'), orderOf({ gpuType, region: home }));
    expect((await refusalOf(errors.NotFoundError, attempt)).path).toEqual(['input']);
  });

  test('may be for any length where nothing is offered yet', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit({ offerStatus: 'PAUSED' });
    const period = { start, end: start + MINUTE_MS };
    const command = orderOf({ gpuType: big, region: home }, { period });
    const { order } = await market.placeOrder(viewer('RENTER'), command);
    expect(order.status).toBe('OPEN');
  });

  test('is refused where its account has 200 open ones, until one of them ends', async () => {
    const { market, db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const renter = viewer('RENTER');
    const { order } = await market.placeOrder(renter, orderOf(pair));
    const {
      id: _id,
      number: _number,
      ...row
    } = await db
      .selectFrom('market_order')
      .selectAll()
      .where('id', '=', order.id)
      .executeTakeFirstOrThrow();
    const [starts_at, ends_at, created_at] = [row.starts_at, row.ends_at, row.created_at].map(
      (at) => new Date(at).toISOString(),
    ) as [string, string, string];
    const copies = Array.from({ length: 199 }, () => ({
      ...row,
      id: crypto.randomUUID(),
      starts_at,
      ends_at,
      created_at,
      expires_at: null,
    }));
    await db.insertInto('market_order').values(copies).execute();
    const attempt = market.placeOrder(renter, orderOf(pair));
    const refusal = await refusalOf(errors.InvalidInputError, attempt);
    expect(refusal.constraint).toBe('at most 200 open orders');
    await market.cancelOrder(renter, orderCancellationOf(order.id));
    expect((await market.placeOrder(renter, orderOf(pair))).order.status).toBe('OPEN');
  });
});
