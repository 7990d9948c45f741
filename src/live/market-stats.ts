import { parsePairKey, type Pair } from '../domain/catalog.ts';
import type { StatsScope } from '../domain/market-stats.ts';
import { GLOBAL_REGION, partitionOf } from '../domain/partition.ts';
import type { Emission, Source } from './emission.ts';
import type { Hub } from './hub.ts';
import { openingOf, type Parts } from './parts.ts';

const KEY = 'stats';

function holds({ gpuType, region }: StatsScope, pair: Pair): boolean {
  return (gpuType ?? pair.gpuType) === pair.gpuType && (region ?? pair.region) === pair.region;
}

function notice(scope: StatsScope, order: number): Emission<StatsScope> {
  return { item: scope, order, key: KEY, position: null };
}

/**
 * Notices that the statistics of a scope are to be read: at first, and when those of any market in it
 * have changed. A scope of all regions is cached in the pseudo-region, so it hears of a change when its
 * log there has brought it: who reads because of the notice never meets the old value.
 */
export function marketStatsStreams(hub: Hub): Parts<StatsScope, StatsScope> {
  function tail(scope: StatsScope): Source<StatsScope> {
    const home = partitionOf(scope.region ?? GLOBAL_REGION);
    const queue: Source<StatsScope> = hub.open<Emission<StatsScope>>({
      listener: {
        onCopy: ({ event, partition }, order) => {
          if (event.type !== 'MARKET_STATS_UPDATED' || partition !== home) return;
          const pair = parsePairKey(event.resourceId);
          if (pair && holds(scope, pair)) queue.push(notice(scope, order), KEY);
        },
        onLost: (partition) => {
          if (partition === home) queue.push(notice(scope, hub.next()), KEY);
        },
      },
    });
    return queue;
  }
  return { opening: (scope) => openingOf(hub, () => [notice(scope, hub.next())]), tail };
}
