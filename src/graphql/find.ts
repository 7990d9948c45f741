import type { AvailabilitySummary } from '../domain/availability.ts';
import type { Booking } from '../domain/booking.ts';
import type { GpuType, Pair, Provider, Region } from '../domain/catalog.ts';
import type { EdgeNode } from '../domain/edge-node.ts';
import { pairOfUnit, type Unit } from '../domain/gpu.ts';
import type { Fill, Order } from '../domain/order.ts';
import { noStats, type MarketStats, type StatsScope } from '../domain/market-stats.ts';
import type { OrderBook } from '../domain/order-book.ts';
import type { Price } from '../domain/price.ts';
import type { Account } from '../domain/viewer.ts';
import type { Cached } from '../market/types.ts';
import type { GraphqlContext } from './context.ts';
import { present } from './loaders.ts';

type Asking = Pick<GraphqlContext, 'loaders' | 'market' | 'viewer'>;

/*
 * Objects by their raw id, null for what is not there for this viewer. Names are looked up in the
 * catalogue first: what a stranger makes up never becomes a key of the cache.
 */

export async function findUnit({ loaders }: Asking, id: string): Promise<Cached<Unit> | null> {
  const pair = pairOfUnit(id);
  const catalog = await loaders.catalog();
  return pair && catalog.hasPair(pair) ? present(await loaders.units.load(id)) : null;
}

export async function findProvider(
  { loaders }: Asking,
  slug: string,
): Promise<Cached<Provider> | null> {
  const slugs = await loaders.providerSlugs();
  return slugs.includes(slug) ? present(await loaders.providers.load(slug)) : null;
}

export async function findPrice({ loaders }: Asking, pair: Pair): Promise<Cached<Price> | null> {
  const catalog = await loaders.catalog();
  return catalog.hasPair(pair) ? present(await loaders.prices.load(pair)) : null;
}

export async function findOrderBook(
  { loaders }: Asking,
  pair: Pair,
): Promise<Cached<OrderBook> | null> {
  const catalog = await loaders.catalog();
  return catalog.hasPair(pair) ? present(await loaders.orderBooks.load(pair)) : null;
}

/** Statistics of a scope that names nothing are those of no units. */
export async function findMarketStats(
  { loaders }: Asking,
  scope: StatsScope,
): Promise<Cached<MarketStats>> {
  const catalog = await loaders.catalog();
  if (catalog.hasScope(scope)) return loaders.marketStats.load(scope);
  return { ...catalog.cached, value: noStats(scope) };
}

/** Own bookings only, as `Market.booking` has it; nobody's for a stranger. */
export async function findBooking({ market, viewer }: Asking, id: string): Promise<Booking | null> {
  return viewer && market.booking(viewer, id);
}

/** Own orders only; a provider has none. */
export async function findOrder({ market, viewer }: Asking, id: string): Promise<Order | null> {
  return viewer && viewer.role !== 'PROVIDER' ? market.order(viewer, id) : null;
}

/** Fills are public: they name neither order nor renter. */
export function findFill({ market }: Asking, id: string): Promise<Fill | null> {
  return market.fill(id);
}

/** The viewer's own account; the operator finds everybody's. */
export async function findAccount(
  { loaders, market, viewer }: Asking,
  id: string,
): Promise<Account | null> {
  if (viewer?.accountId === id) return market.account(viewer);
  return viewer?.role === 'OPERATOR' ? loaders.accounts.load(id) : null;
}

/** Nodes are the operator's to see. */
export async function findEdgeNode(
  { fleet, viewer }: Pick<GraphqlContext, 'fleet' | 'viewer'>,
  nodeId: string,
): Promise<EdgeNode | null> {
  if (viewer?.role !== 'OPERATOR') return null;
  return (await fleet.nodes()).find((node) => node.nodeId === nodeId) ?? null;
}

/** A unit that another object refers to: it exists as long as that object does. */
export async function unitOf({ loaders }: Asking, id: string): Promise<Cached<Unit>> {
  const unit = present(await loaders.units.load(id));
  if (!unit) throw new Error(`unit ${id} is referred to but does not exist`);
  return unit;
}

/** A unit's provider; providers are never deleted. */
export async function providerOf({ loaders }: Asking, slug: string): Promise<Cached<Provider>> {
  const provider = present(await loaders.providers.load(slug));
  if (!provider) throw new Error(`provider ${slug} is referred to but does not exist`);
  return provider;
}

export async function gpuTypeOf({ loaders }: Asking, slug: string): Promise<GpuType> {
  return (await loaders.catalog()).gpuType(slug);
}

export async function regionOf({ loaders }: Asking, code: string): Promise<Region> {
  return (await loaders.catalog()).region(code);
}

/** The counts of the market that a thing belongs to. */
export function summaryOf(
  { loaders }: Asking,
  { gpuType, region }: Pair,
): Promise<Cached<AvailabilitySummary>> {
  return loaders.summaries.load({ gpuType, region });
}
