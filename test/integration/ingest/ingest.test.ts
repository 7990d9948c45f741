import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIngest } from '../../../src/market/ingest.ts';
import { startIngestWorld, type IngestWorld } from './ingest-world.ts';

describe.each(['pglite', 'postgres'] as const)('an import into %s', (engine) => {
  let world: IngestWorld;

  beforeAll(async () => {
    world = await startIngestWorld(engine);
  });
  afterAll(() => world.close());

  test('numbers units in the order of the source and prices the pair by their lower median', async () => {
    const place = await world.place();
    const prices = { z: 3, a: 2, m: 9, b: 4 };
    const units = Object.entries(prices).map(([key, usd]) => place.unit(key, { usd }));
    const counts = await world.ingest.pair({ pair: place.pair, units, series: [] });
    expect(counts).toEqual({ added: 4, changed: 0, paused: 0, unchanged: 0 });
    const { region, gpuType } = place.pair;
    expect((await world.offers(place)).map((row) => [row.id, row.rate])).toEqual([
      [`${region}/${gpuType}/0001`, 3_000_000n],
      [`${region}/${gpuType}/0002`, 2_000_000n],
      [`${region}/${gpuType}/0003`, 9_000_000n],
      [`${region}/${gpuType}/0004`, 4_000_000n],
    ]);
    const price = await world.db
      .selectFrom('pair')
      .select('rate_micros')
      .where('region', '=', region)
      .executeTakeFirst();
    expect(price?.rate_micros).toBe(3_000_000n);
  });

  test('publishes one event each for the units, the price, the book and the statistics of a pair', async () => {
    const place = await world.place();
    const { pair } = place;
    await world.ingest.pair({ pair, units: [place.unit('1'), place.unit('2')], series: [] });
    const [units, price, book, stats, ...rest] = await world.events();
    const name = `${pair.gpuType}@${pair.region}`;
    expect(rest).toEqual([]);
    expect(units).toMatchObject({ type: 'GPU_AVAILABILITY_CHANGED', resourceId: name });
    expect(units?.keys.map(({ key }) => key)).toEqual([
      `gpu:${pair.region}/${pair.gpuType}/0001`,
      `gpu:${pair.region}/${pair.gpuType}/0002`,
      `list:${name}`,
      `summary:${name}`,
      `provider:${place.provider}`,
    ]);
    expect(price).toMatchObject({ type: 'PRICING_UPDATED', data: { usdPerGpuHour: '2.00' } });
    expect(price?.keys.map(({ key }) => key)).toEqual([`price:${name}`]);
    const asks = [{ side: 'ASK', usdPerGpuHour: '2.00', gpuCount: 16, orderCount: 2 }];
    expect(book).toMatchObject({
      type: 'ORDER_BOOK_UPDATED',
      data: { sequence: '1', changes: asks },
    });
    expect(book?.keys.map(({ key }) => key)).toEqual([`book:${name}`, `price:${name}`]);
    expect(stats?.type).toBe('MARKET_STATS_UPDATED');
  });

  test('tells every node of new reference data, and of known reference data nothing', async () => {
    const place = await world.place();
    await world.refer({ ...place, provider: `${place.provider}-new` });
    const keys = (await world.events()).flatMap((event) => event.keys.map(({ key }) => key));
    expect(keys).toEqual(['catalog', 'providers', `provider:${place.provider}-new`]);
    await world.clearEvents();
    await world.refer(place);
    expect(await world.events()).toEqual([]);
  });

  test('writes and publishes nothing when it is repeated', async () => {
    const place = await world.place();
    const units = [place.unit('1'), place.unit('2', { ramGb: 64, reliability: 0.987 })];
    const draft = { pair: place.pair, units, series: [] };
    await world.ingest.pair(draft);
    const before = await world.offers(place);
    await world.clearEvents();
    const again = await world.ingest.pair(draft);
    expect(again).toEqual({ added: 0, changed: 0, paused: 0, unchanged: 2 });
    expect(await world.offers(place)).toEqual(before);
    expect(await world.events()).toEqual([]);
  });

  test('raises the version of exactly what has changed', async () => {
    const { pair, unit, ...place } = await world.place();
    await world.ingest.pair({ pair, units: [unit('1'), unit('2'), unit('3')], series: [] });
    const units = [unit('1'), unit('2', { usd: 5 }), unit('3', { cpuCores: 64 })];
    const counts = await world.ingest.pair({ pair, units, series: [] });
    expect(counts).toMatchObject({ changed: 2, unchanged: 1 });
    const offers = await world.offers({ pair, unit, ...place });
    expect(offers.map((row) => [row.unitVersion, row.version])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  test("pauses a series' surplus offers, keeps the units, and offers them again", async () => {
    const place = await world.place();
    const { pair, provider, unit } = place;
    const series = [{ provider, key: 'kind' }];
    const all = { pair, units: [unit('kind/1'), unit('kind/2'), unit('other/1')], series };
    const statuses = async () => (await world.offers(place)).map((row) => row.status);
    await world.ingest.pair(all);
    const fewer = await world.ingest.pair({ pair, units: [unit('kind/1')], series });
    expect(fewer).toMatchObject({ paused: 1, unchanged: 1 });
    expect(await statuses()).toEqual(['ACTIVE', 'PAUSED', 'ACTIVE']);
    await world.ingest.pair(all);
    expect(await statuses()).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  });

  test('makes units of a provider that is offline offline', async () => {
    const { pair, provider, unit } = await world.place();
    const { db } = world;
    await db
      .updateTable('provider')
      .set({ status: 'OFFLINE' })
      .where('slug', '=', provider)
      .execute();
    await world.ingest.pair({ pair, units: [unit('1')], series: [] });
    const made = db.selectFrom('gpu').select('current_status').where('region', '=', pair.region);
    expect(await made.execute()).toEqual([{ current_status: 'OFFLINE' }]);
  });

  test("prices DYNAMIC offers by the pair's multiplier", async () => {
    const place = await world.place();
    const { pair, unit } = place;
    const multiplier = { multiplier_millionths: 1_500_000n };
    await world.db.updateTable('pair').set(multiplier).where('region', '=', pair.region).execute();
    const offer = { ...unit('1').offer, mode: 'DYNAMIC' as const };
    await world.ingest.pair({ pair, units: [unit('1', { offer })], series: [] });
    expect((await world.offers(place))[0]?.rate).toBe(3_000_000n);
  });

  test('bounds what one event names', async () => {
    const { pair, unit } = await world.place();
    const units = Array.from({ length: 450 }, (_, index) => unit(`node-${index}`));
    expect(await world.ingest.pair({ pair, units, series: [] })).toMatchObject({ added: 450 });
    const sizes = (await world.events()).map((event) => event.keys.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(210);
  });

  test('makes each unit once when several imports run at the same time', async () => {
    const place = await world.place();
    const { pair, unit } = place;
    const units = Array.from({ length: 20 }, (_, index) => unit(`node-${index}`));
    const importers = [1, 2, 3, 4].map(() => createIngest({ db: world.db, sourceNode: 'racer' }));
    const counts = await Promise.all(importers.map((one) => one.pair({ pair, units, series: [] })));
    expect(counts.reduce((sum, { added }) => sum + added, 0)).toBe(20);
    expect(await world.offers(place)).toHaveLength(20);
  });

  test('refuses a source key that already names a unit of another pair', async () => {
    const { pair, unit } = await world.place();
    const other = await world.place();
    await world.ingest.pair({ pair, units: [unit('node')], series: [] });
    const stolen = world.ingest.pair({ pair: other.pair, units: [unit('node')], series: [] });
    await expect(stolen).rejects.toThrow('already names');
  });

  test('completes a GPU type and never forgets what was known of it', async () => {
    const { pair } = await world.place();
    const type = { slug: pair.gpuType, name: 'x', vendor: 'OTHER', vramGb: 0 } as const;
    const vague = { ...type, interconnect: 'UNKNOWN', fp16Tflops: null } as const;
    const gpuTypes = [{ ...vague, referenceMicros: 1_230_000n }];
    await world.ingest.references({ gpuTypes, regions: [], providers: [], pairs: [] });
    const types = world.db.selectFrom('gpu_type').selectAll().where('slug', '=', pair.gpuType);
    expect(await types.executeTakeFirst()).toMatchObject({
      vendor: 'NVIDIA',
      vram_gb: 80,
      interconnect: 'SXM',
      reference_micros: 1_230_000n,
    });
  });
});
