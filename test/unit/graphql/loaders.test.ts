import { describe, expect, test } from 'vitest';
import { contextOf, createWorld, unit } from './world.ts';

const IDS = ['east/a100/0001', 'east/a100/0002'] as const;

describe('loaders', () => {
  test('gather what one step needs into one read, each id once', async () => {
    const world = createWorld({ units: IDS.map((id) => unit(id)) });
    const { units } = contextOf(world).loaders;
    const found = await Promise.all([units.load(IDS[0]), units.load(IDS[1]), units.load(IDS[0])]);
    expect(found.map(({ value }) => value?.id)).toEqual([IDS[0], IDS[1], IDS[0]]);
    expect(world.asked).toEqual(['units 2']);
  });

  test('tell equal pairs from each other by name, not by object', async () => {
    const world = createWorld();
    const { prices } = contextOf(world).loaders;
    await Promise.all([
      prices.load({ gpuType: 'l4', region: 'east' }),
      prices.load({ gpuType: 'l4', region: 'east' }),
    ]);
    expect(world.asked).toEqual(['prices 1']);
  });

  test('read again after they were told to forget', async () => {
    const world = createWorld({ units: [unit(IDS[0])] });
    const { loaders } = contextOf(world);
    await loaders.units.load(IDS[0]);
    world.units = [unit(IDS[0], { version: 2 })];
    expect((await loaders.units.load(IDS[0])).value?.version).toBe(1);
    loaders.forget();
    expect((await loaders.units.load(IDS[0])).value?.version).toBe(2);
  });
});
