import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDemoUnit } from '../../../src/demo/rules.ts';
import { seedDemo } from '../../../src/demo/seed-demo.ts';
import { startDemo } from '../../../src/demo/start-demo.ts';
import type { Logger } from '../../../src/domain/logger.ts';
import type { Unit } from '../../../src/domain/gpu.ts';
import { createIngest } from '../../../src/market/ingest.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { until } from '../../support/wait.ts';

const warnings: string[] = [];
const LOGGER: Logger = {
  debug() {},
  info() {},
  warn: (_, message) => void warnings.push(message),
  error: (_, message) => void warnings.push(message),
};

describe('the demo market', () => {
  let node: MarketNode;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edgebook-demo-'));
    node = await startMarketNode({ database: { path: folder }, jobs: true });
    await seedDemo(createIngest({ db: node.db, sourceNode: 'demo' }));
  });
  afterAll(async () => {
    await node?.stop();
    await rm(folder, { recursive: true });
  });

  async function allUnits(): Promise<Unit[]> {
    const { pairs } = (await node.market.reads.catalog()).value;
    return (await node.market.reads.unitLists(pairs)).flatMap((list) => list.value);
  }

  test('seeds units that can be booked, in an order that never changes', async () => {
    const units = await allUnits();
    const bookable = units.filter(
      (unit) => unit.status === 'AVAILABLE' && unit.offer?.status === 'ACTIVE',
    );
    expect(bookable.length).toBeGreaterThanOrEqual(240);
    expect(new Set(units.map((unit) => unit.createdAt)).size).toBe(units.length);
  });

  test('leaves a database that has units alone', async () => {
    expect(await seedDemo(createIngest({ db: node.db, sourceNode: 'demo' }))).toBe(false);
  });

  test('books, trades, moves prices and switches units, but only its own, and stops', async () => {
    const before = new Map((await allUnits()).map((unit) => [unit.id, unit.version]));
    const demo = startDemo({ market: node.market, logger: LOGGER, nodeId: 'test', everyMs: 2 });
    const seen = async (): Promise<boolean> => {
      const bookings = await node.db.selectFrom('booking').select('status').execute();
      const audits = await node.db.selectFrom('audit').select('action').execute();
      const orders = await node.db.selectFrom('market_order').select('status').execute();
      const statuses = new Set(bookings.map((row) => row.status));
      const ends = new Set(orders.map((row) => row.status));
      const booked = statuses.has('CANCELLED') && statuses.size > 1 && audits.length > 3;
      return booked && ends.has('OPEN') && ends.has('CANCELLED') && ends.has('FILLED');
    };
    await until(seen, { what: 'bookings, orders and audited changes', timeoutMs: 45_000 });
    await Promise.all([demo.stop(), demo.stop()]);
    const units = await allUnits();
    const touched = units.filter((unit) => unit.version !== before.get(unit.id));
    expect(touched.length).toBeGreaterThan(0);
    expect(touched.every(isDemoUnit)).toBe(true);
    expect(units.filter((unit) => unit.status === 'AVAILABLE').length).toBeGreaterThanOrEqual(212);
    expect(warnings).toEqual([]);
  });

  test('leaves bids in its books that no ask of it meets', async () => {
    const pair = { gpuType: 'h100-sxm', region: 'us-east-1' };
    const [book] = await node.market.reads.orderBooks([pair]);
    const { bids, asks } = book?.value ?? { bids: [], asks: [] };
    expect(bids.length).toBeGreaterThan(0);
    expect(bids[0]!.rateMicros).toBeLessThan(asks[0]!.rateMicros);
  });

  test('survives a market that fails', async () => {
    const broken = { ...node.market, reads: { ...node.market.reads, catalog: failing } };
    const demo = startDemo({ market: broken, logger: LOGGER, nodeId: 'test-2', everyMs: 1 });
    await until(() => warnings.length >= 3, { what: 'three failed actions' });
    await demo.stop();
    expect(new Set(warnings)).toEqual(new Set(['demo market: an action failed; it goes on']));
  });
});

function failing(): Promise<never> {
  return Promise.reject(new Error('away'));
}
