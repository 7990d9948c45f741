import type { Pair, Provider } from '../domain/catalog.ts';
import type { Unit } from '../domain/gpu.ts';
import type { Cached } from '../market/types.ts';
import type { CatalogView, PairSelection } from './catalog-view.ts';
import { connectionOf, type Connection } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { leastFresh, type Freshness } from './freshness.ts';
import { decodeGlobalId } from './global-id.ts';
import {
  decodeUnitCursor,
  encodeUnitCursor,
  sortValue,
  unitComparator,
  unitMatcher,
  type GpuOrder,
  type UnitFilter,
  type UnitPlace,
} from './gpu-query.ts';
import { atMost100, cutPage, pageRequest, type PageArgs } from './paging.ts';
import { checkedWindow } from './windows.ts';

/** `GpuFilter` as a client sends it. */
export interface GpuFilterInput extends Omit<UnitFilter, 'providers'>, PairSelection {
  readonly providerIds?: readonly string[] | null | undefined;
}

export interface GpuListArgs extends PageArgs {
  readonly filter?: GpuFilterInput | null | undefined;
  readonly orderBy?: GpuOrder | null | undefined;
}

export type GpuConnection = Connection<Cached<Unit>> & { readonly freshness: Freshness };

const DEFAULT_ORDER: GpuOrder = { field: 'USD_PER_GPU_HOUR', direction: 'ASC' };

/** A unit with its place in the order and the list that it was read with. */
interface ListedUnit extends UnitPlace {
  readonly unit: Unit;
  readonly list: Freshness;
}

/**
 * One page of units, of one provider if `owner` is given. Filters and order are applied in memory to
 * the cached lists of the pairs that the filter leaves, so that no arguments ever become a cache key.
 */
export async function listGpus(
  { loaders }: Pick<GraphqlContext, 'loaders'>,
  args: GpuListArgs,
  owner: Provider | null = null,
): Promise<GpuConnection> {
  const order = args.orderBy ?? DEFAULT_ORDER;
  const filter = checkedFilter(args.filter ?? {}, owner);
  const request = pageRequest(args, (cursor) => decodeUnitCursor(order, cursor));
  const catalog = await loaders.catalog();
  const lists = await loadLists(loaders, pairsOf(catalog, filter, owner));
  const vramOf = (gpuType: string): number => catalog.gpuType(gpuType).vramGb;
  const matches = unitMatcher(filter, vramOf);
  const place = (unit: Unit, list: Freshness): ListedUnit => {
    return { id: unit.id, value: sortValue(unit, order.field, vramOf), unit, list };
  };
  const listed = lists.flatMap((list) =>
    list.value.filter(matches).map((unit) => place(unit, list)),
  );
  const page = cutPage(listed, request, unitComparator(order));
  const [first = catalog.cached, ...others] = lists;
  return {
    ...connectionOf(
      page,
      (item) => encodeUnitCursor(order, item),
      ({ unit, list }) => ({ ...list, value: unit }),
    ),
    freshness: leastFresh([first, ...others]),
  };
}

/** The pairs that can hold a match: a provider has units in its own regions only. */
function pairsOf(catalog: CatalogView, filter: PairSelection, owner: Provider | null): Pair[] {
  return catalog.pairs(filter).filter(({ region }) => owner?.regions.includes(region) ?? true);
}

function loadLists(
  { unitLists }: GraphqlContext['loaders'],
  pairs: readonly Pair[],
): Promise<Cached<readonly Unit[]>[]> {
  return Promise.all(pairs.map((pair) => unitLists.load(pair)));
}

/** Limits and decodes what the client sent; the owner's own bounds come on top of it. */
function checkedFilter(input: GpuFilterInput, owner: Provider | null): UnitFilter & PairSelection {
  const { providerIds, freeDuring } = input;
  for (const name of ['gpuTypes', 'regions', 'providerIds', 'status', 'trustTier'] as const) {
    atMost100(`filter.${name}`, input[name]);
  }
  return {
    ...input,
    owner: owner?.slug,
    providers: providerIds && new Set(providerIds.map((id) => decodeGlobalId('Provider', id))),
    freeDuring: freeDuring && checkedWindow('filter.freeDuring', freeDuring),
  };
}
