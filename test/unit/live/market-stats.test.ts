import { expect, test } from 'vitest';
import { GLOBAL_REGION, partitionOf } from '../../../src/domain/partition.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { Stream } from '../../../src/live/types.ts';
import type { StatsScope } from '../../../src/domain/market-stats.ts';
import { event } from './world.ts';

test('a scope is told first, then hears of every market in it, once while it waits', async () => {
  const feed = createLiveFeed();
  const heard: string[] = [];
  const open = (gpuType: string | null, region: string | null): Stream<StatsScope> =>
    feed.marketStats({ gpuType, region });
  const scopes = {
    'h100@eu': open('h100', 'eu'),
    'h100@*': open('h100', null),
    '*@us': open(null, 'us'),
    '*@*': open(null, null),
    'a100@us': open('a100', 'us'),
  };
  const pairs = [
    ['h100', 'eu'],
    ['h100', 'eu'],
    ['h100', 'us'],
  ] as const;
  for (const [gpuType, region] of pairs) {
    const resourceId = `${gpuType}@${region}`;
    const changed = event('MARKET_STATS_UPDATED', region, {}, { resourceId });
    feed.publish(changed);
    feed.publish({ ...changed, partition: partitionOf(GLOBAL_REGION) });
  }
  feed.stop();
  for (const [name, stream] of Object.entries(scopes))
    for await (const scope of stream) heard.push(`${name}: ${scope.gpuType}@${scope.region}`);
  expect(heard).toEqual([
    'h100@eu: h100@eu',
    'h100@eu: h100@eu',
    'h100@*: h100@null',
    'h100@*: h100@null',
    '*@us: null@us',
    '*@us: null@us',
    '*@*: null@null',
    '*@*: null@null',
    'a100@us: a100@us',
  ]);
});

test('a scope of all regions hears of a change with the log of the pseudo-region, not before', async () => {
  const feed = createLiveFeed();
  const stream = feed.marketStats({ gpuType: null, region: null });
  await stream.next();
  const heard: StatsScope[] = [];
  const reading = (async () => {
    for await (const scope of stream) heard.push(scope);
  })();
  const changed = event('MARKET_STATS_UPDATED', 'eu', {}, { resourceId: 'h100@eu' });
  feed.publish(changed);
  await Promise.resolve();
  expect(heard).toEqual([]);
  feed.publish({ ...changed, partition: partitionOf(GLOBAL_REGION) });
  feed.stop();
  await reading;
  expect(heard).toHaveLength(1);
});
