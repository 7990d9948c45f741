import { graphql } from 'graphql';
import type { Catalog, Provider } from '../../../src/domain/catalog.ts';
import type { Candle } from '../../../src/domain/candle.ts';
import type { Unit } from '../../../src/domain/gpu.ts';
import { noStats } from '../../../src/domain/market-stats.ts';
import type { OrderBook } from '../../../src/domain/order-book.ts';
import type { Offer } from '../../../src/domain/offer.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import type { Viewer } from '../../../src/domain/viewer.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { Fleet } from '../../../src/market/fleet/types.ts';
import type { Cached, Market, MarketReads } from '../../../src/market/types.ts';
import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { createLoaders } from '../../../src/graphql/loaders.ts';
import { schema } from '../../../src/graphql/schema.ts';

export const NOON = Date.parse('2026-06-01T12:00:00Z');

export const CATALOG: Catalog = {
  gpuTypes: [
    {
      slug: 'a100',
      name: 'A100',
      vendor: 'NVIDIA',
      vramGb: 80,
      interconnect: 'SXM',
      fp16Tflops: 312,
      referenceMicros: null,
    },
    {
      slug: 'l4',
      name: 'L4',
      vendor: 'NVIDIA',
      vramGb: 24,
      interconnect: 'PCIE',
      fp16Tflops: 121,
      referenceMicros: null,
    },
  ],
  regions: [
    { code: 'east', name: 'East', country: 'US' },
    { code: 'north', name: 'North', country: null },
  ],
  pairs: [
    { gpuType: 'a100', region: 'east' },
    { gpuType: 'l4', region: 'east' },
    { gpuType: 'l4', region: 'north' },
  ],
};

export function offer(gpuId: string, rateMicros: bigint): Offer {
  return {
    gpuId,
    mode: 'FIXED',
    rateMicros,
    baseMicros: rateMicros,
    floorMicros: rateMicros,
    capMicros: rateMicros,
    minDurationMinutes: 60,
    maxDurationMinutes: 1440,
    status: 'ACTIVE',
    version: 1,
  };
}

/** A free unit of one card for 1 USD; `overrides` make it special. */
export function unit(id: string, overrides: Partial<Unit> = {}): Unit {
  const [region = '', gpuType = ''] = id.split('/');
  return {
    id,
    gpuType,
    region,
    provider: 'acme',
    gpuCount: 1,
    cpuCores: null,
    ramGb: null,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: 0.99,
    status: 'AVAILABLE',
    version: 1,
    createdAt: NOON,
    offer: offer(id, 1_000_000n),
    busy: [],
    ...overrides,
  };
}

export function provider(slug: string): Provider {
  return {
    slug,
    name: slug.toUpperCase(),
    status: 'ONLINE',
    regions: ['east', 'north'],
    trustTier: 'VERIFIED',
    reliability: null,
    lastSeenAt: null,
    version: 1,
  };
}

export function cached<V>(value: V, overrides: Partial<Cached<unknown>> = {}): Cached<V> {
  const freshness = { servedFrom: 'L1', sequence: 7n, asOf: NOON, degraded: false } as const;
  return { ...freshness, ...overrides, value };
}

const NO_LEVELS = { bids: [], asks: [], sequence: 0n, at: NOON };

export interface World {
  units: readonly Unit[];
  readonly providers: readonly Provider[];
  readonly viewer: Viewer | null;
  /** The order book of every pair. */
  book: OrderBook;
  readonly candles: readonly Candle[];
  readonly rate24hAgoMicros: bigint | null;
  /** Use cases that a test wants; asking for another one fails it. */
  readonly market: Partial<Omit<Market, 'reads'>>;
  readonly fleet: Partial<Fleet>;
  /** Every batch of reads that was asked for, e.g. `units 3`. */
  readonly asked: string[];
}

export function createWorld(parts: Partial<World> = {}): World {
  const providers = [provider('acme'), provider('zeta')];
  const rest = { viewer: null, market: {}, fleet: {}, asked: [] };
  const exchange = {
    book: { gpuType: 'a100', region: 'east', ...NO_LEVELS },
    candles: [],
    rate24hAgoMicros: null,
  };
  return { units: [], providers, ...rest, ...exchange, ...parts };
}

function readsOf(world: World): MarketReads {
  function note<T>(what: string, values: readonly T[]): Promise<Cached<T>[]> {
    world.asked.push(`${what} ${values.length}`);
    return Promise.resolve(values.map((value) => cached(value)));
  }
  const inPair = (gpuType: string, region: string): Unit[] =>
    world.units.filter((candidate) => candidate.gpuType === gpuType && candidate.region === region);
  return {
    catalog: () => Promise.resolve(cached(CATALOG)),
    units: (ids) =>
      note(
        'units',
        ids.map((id) => world.units.find((u) => u.id === id) ?? null),
      ),
    unitLists: (pairs) =>
      note(
        'unitLists',
        pairs.map((pair) => inPair(pair.gpuType, pair.region)),
      ),
    summaries: (pairs) =>
      note(
        'summaries',
        pairs.map((pair) => {
          const total = inPair(pair.gpuType, pair.region).length;
          return { ...pair, total, available: total, held: 0, booked: 0, offline: 0 };
        }),
      ),
    prices: (pairs) =>
      note(
        'prices',
        pairs.map((pair) => {
          if (pair.region === 'north') return null;
          const rate = { rateMicros: 1_500_000n, multiplierMillionths: 1_150_000n };
          const levels = { bestAskMicros: 1_400_000n, bestBidMicros: null };
          return {
            ...pair,
            ...rate,
            ...levels,
            rate24hAgoMicros: world.rate24hAgoMicros,
            updatedAt: NOON,
            version: 1,
          };
        }),
      ),
    orderBooks: (pairs) =>
      note(
        'orderBooks',
        pairs.map(() => world.book),
      ),
    marketStats: (scopes) =>
      note(
        'marketStats',
        scopes.map((scope) => ({ ...noStats(scope), totalGpus: world.units.length })),
      ),
    candles: (pair, interval, range) => {
      world.asked.push(`candles ${pair.gpuType}@${pair.region} ${interval}`);
      const isAsked = ({ openTime }: Candle): boolean =>
        openTime >= range.start && openTime < range.end;
      return Promise.resolve(world.candles.filter(isAsked));
    },
    providers: (slugs) =>
      note(
        'providers',
        slugs.map((slug) => world.providers.find((p) => p.slug === slug) ?? null),
      ),
    providerSlugs: () => Promise.resolve(cached(world.providers.map(({ slug }) => slug))),
  };
}

export function contextOf(world: World): GraphqlContext {
  const market = { reads: readsOf(world), ...world.market } as Market;
  return {
    market,
    live: createLiveFeed(),
    viewer: world.viewer,
    loaders: createLoaders(market),
    nodeId: 'node-1',
    wrote: () => {},
    fleet: world.fleet as Fleet,
    rateLimit: () => ({
      limit: 1000,
      cost: 1,
      remaining: 999,
      restorePerSecond: 100,
      resetAt: NOON,
    }),
  };
}

export function viewer(role: Viewer['role'], accountId = role.toLowerCase()): Viewer {
  return { accountId, role, expiresAt: NOON + 365 * DAY_MS };
}

interface Answer {
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly {
    readonly message: string;
    readonly code: unknown;
    readonly path: string;
  }[];
}

/** Executes a document in the world, as the server does behind its doors. */
export async function ask(
  world: World,
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const result = await graphql({ schema, source, variableValues, contextValue: contextOf(world) });
  const data = JSON.parse(JSON.stringify(result.data ?? null)) as Answer['data'];
  const errors = (result.errors ?? []).map(({ message, extensions, path }) => {
    return { message, code: extensions['code'], path: path?.join('.') ?? '' };
  });
  return { data, errors };
}
