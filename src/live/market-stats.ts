import { parsePairKey, type Pair } from '../domain/catalog.ts';
import type { StatsScope } from '../domain/market-stats.ts';
import { GLOBAL_REGION, partitionOf } from '../domain/partition.ts';
import type { Hub } from './hub.ts';
import type { LiveFeed } from './types.ts';

function holds({ gpuType, region }: StatsScope, pair: Pair): boolean {
  return (gpuType ?? pair.gpuType) === pair.gpuType && (region ?? pair.region) === pair.region;
}

/**
 * Notices that the statistics of a scope are old: those of any market in it make them so. A scope of
 * all regions is cached in the pseudo-region, so it hears of a change when its log there has brought it:
 * who reads because of the notice never meets the old value.
 */
export function marketStatsStreams(hub: Hub): LiveFeed['marketStats'] {
  return (scope) => {
    const home = partitionOf(scope.region ?? GLOBAL_REGION);
    return hub.openToCopies<StatsScope>((queue) => ({ event, partition }) => {
      if (event.type !== 'MARKET_STATS_UPDATED' || partition !== home) return;
      const pair = parsePairKey(event.resourceId);
      if (pair && holds(scope, pair)) queue.push(scope, 'stats');
    });
  };
}
