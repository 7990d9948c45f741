import { NAMESPACE_POLICIES, type CacheNamespace } from './cache-namespace.ts';
import { isSlug, pairKey, parsePairKey, type Pair } from './catalog.ts';
import { pairOfUnit } from './gpu.ts';
import type { CandleInterval } from './candle.ts';
import type { StatsScope } from './market-stats.ts';
import { GLOBAL_REGION } from './partition.ts';
import type { EpochMs } from './time.ts';

/** Stands for all types or all regions in the keys of statistics; no slug. */
const ALL = '*';

/**
 * One cached thing. `key` is canonical text, made here for readers and writers alike; no clock,
 * default or random value is ever part of it. `region` decides the partition.
 */
export interface CacheKey {
  readonly namespace: CacheNamespace;
  readonly key: string;
  readonly region: string;
}

/** The entity of one unit: scalars, offer, busy intervals. */
export function unitKey(id: string): CacheKey {
  return {
    namespace: 'GPU_AVAILABILITY',
    key: `gpu:${id}`,
    region: pairOfUnit(id)?.region ?? GLOBAL_REGION,
  };
}

/** The view of all units of a pair. */
export function unitListKey(pair: Pair): CacheKey {
  return { namespace: 'GPU_AVAILABILITY', key: `list:${pairKey(pair)}`, region: pair.region };
}

/** The availability summary of a pair. */
export function summaryKey(pair: Pair): CacheKey {
  return { namespace: 'GPU_AVAILABILITY', key: `summary:${pairKey(pair)}`, region: pair.region };
}

/** The reference price of a pair. */
export function priceKey(pair: Pair): CacheKey {
  return { namespace: 'GPU_PRICING', key: `price:${pairKey(pair)}`, region: pair.region };
}

/** One provider. */
export function providerKey(slug: string): CacheKey {
  return { namespace: 'PROVIDER_STATUS', key: `provider:${slug}`, region: GLOBAL_REGION };
}

/** The slugs of all providers. */
export const PROVIDER_LIST_KEY: CacheKey = {
  namespace: 'PROVIDER_STATUS',
  key: 'providers',
  region: GLOBAL_REGION,
};

/** GPU types, regions and pairs. */
export const CATALOG_KEY: CacheKey = {
  namespace: 'GPU_AVAILABILITY',
  key: 'catalog',
  region: GLOBAL_REGION,
};

/** The statistics of a scope: `*` stands for all types or all regions. */
export function statsKey({ gpuType, region }: StatsScope): CacheKey {
  const key = `stats:${gpuType ?? ALL}@${region ?? ALL}`;
  return { namespace: 'MARKET_STATS', key, region: region ?? GLOBAL_REGION };
}

/** Everything that counts a pair: its own statistics, its type's, its region's and the market's. */
export function statsKeysOf({ gpuType, region }: Pair): CacheKey[] {
  const scopes: StatsScope[] = [
    { gpuType, region },
    { gpuType: null, region },
    { gpuType, region: null },
    { gpuType: null, region: null },
  ];
  return scopes.map(statsKey);
}

/** Candles of a pair that are over, a block of them by its start. */
export function candlesKey(pair: Pair, interval: CandleInterval, start: EpochMs): CacheKey {
  const key = `candles:${pairKey(pair)}:${interval}:${start}`;
  return { namespace: 'HISTORICAL', key, region: pair.region };
}

/** The order book of a pair. */
export function bookKey(pair: Pair): CacheKey {
  return { namespace: 'ORDER_BOOK', key: `book:${pairKey(pair)}`, region: pair.region };
}

/** `gpu_avail:gpu:us-east-1/h100-sxm/0042` is how a key is written in events and to clients. */
export function keyText({ namespace, key }: CacheKey): string {
  return `${NAMESPACE_POLICIES[namespace].prefix}:${key}`;
}

/**
 * The key that an operator's text names, with or without the namespace's prefix. Text that fits no
 * kind of key is taken as it stands, in the pseudo-region.
 */
export function parseKeyText(namespace: CacheNamespace, text: string): CacheKey {
  const prefix = `${NAMESPACE_POLICIES[namespace].prefix}:`;
  const key = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const subject = key.slice(key.indexOf(':') + 1);
  const [pair = ''] = subject.split(':');
  const region = pairOfUnit(subject)?.region ?? parsePairKey(pair)?.region;
  return { namespace, key, region: region ?? parseScope(subject)?.region ?? GLOBAL_REGION };
}

/** The scope of statistics that `h100-sxm@*`, `*@us-east-1` or `*@*` names; null for anything else. */
function parseScope(text: string): StatsScope | null {
  const [gpuType, region, ...rest] = text.split('@');
  if (gpuType === undefined || region === undefined || rest.length > 0) return null;
  if (![gpuType, region].every((name) => name === ALL || isSlug(name))) return null;
  return { gpuType: gpuType === ALL ? null : gpuType, region: region === ALL ? null : region };
}

/** What a namespace holds of a pair as a whole; nothing where it keeps no pairs. */
export function keysOfPair(namespace: CacheNamespace, pair: Pair): CacheKey[] {
  switch (namespace) {
    case 'GPU_AVAILABILITY':
      return [unitListKey(pair), summaryKey(pair)];
    case 'GPU_PRICING':
      return [priceKey(pair)];
    case 'ORDER_BOOK':
      return [bookKey(pair)];
    case 'MARKET_STATS':
      return [statsKey(pair)];
    case 'PROVIDER_STATUS':
    case 'HISTORICAL':
      return [];
  }
}

/**
 * What a namespace may hold of a resource: a unit id, a pair key, a provider slug or anything else.
 * Never empty: an event without keys means the whole namespace.
 */
export function keysOfResource(namespace: CacheNamespace, resourceId: string): CacheKey[] {
  if (namespace === 'PROVIDER_STATUS') return [providerKey(resourceId)];
  const pairOfId = pairOfUnit(resourceId);
  const pair = parsePairKey(resourceId) ?? pairOfId;
  const ofPair = pair ? keysOfPair(namespace, pair) : [];
  if (ofPair.length === 0) {
    const scope = namespace === 'MARKET_STATS' ? parseScope(resourceId) : null;
    if (scope) return [statsKey(scope)];
    return [{ namespace, key: resourceId, region: pair?.region ?? GLOBAL_REGION }];
  }
  const ofUnit = pairOfId && namespace === 'GPU_AVAILABILITY' ? [unitKey(resourceId)] : [];
  return [...ofUnit, ...ofPair];
}
