import { pairKey, type Catalog, type GpuType, type Pair, type Region } from '../domain/catalog.ts';
import type { StatsScope } from '../domain/market-stats.ts';
import type { Cached } from '../market/types.ts';

/** Which pairs a client asks for: an absent list takes all, an unknown name takes none. */
export interface PairSelection {
  readonly gpuTypes?: readonly string[] | null | undefined;
  readonly regions?: readonly string[] | null | undefined;
}

/** The reference data with an index: resolvers look names up in it instead of asking again. */
export interface CatalogView {
  readonly cached: Cached<Catalog>;
  findGpuType(slug: string): GpuType | null;
  findRegion(code: string): Region | null;
  /** Like `findGpuType` for a slug that comes from our own data, see below. */
  gpuType(slug: string): GpuType;
  region(code: string): Region;
  hasPair(pair: Pair): boolean;
  /** Whether some pair lies in it; null stands for all types or all regions. */
  hasScope(scope: StatsScope): boolean;
  pairs(selection: PairSelection): Pair[];
}

/** One index per catalogue: cached catalogues are frozen and shared by every reader. */
const known = new WeakMap<Catalog, Omit<CatalogView, 'cached'>>();

export function catalogView(cached: Cached<Catalog>): CatalogView {
  let index = known.get(cached.value);
  if (!index) {
    index = indexOf(cached.value);
    known.set(cached.value, index);
  }
  return { ...index, cached };
}

function indexOf({ gpuTypes, regions, pairs }: Catalog): Omit<CatalogView, 'cached'> {
  const typeBySlug = new Map(gpuTypes.map((gpuType) => [gpuType.slug, gpuType]));
  const regionByCode = new Map(regions.map((region) => [region.code, region]));
  const pairKeys = new Set(pairs.map(pairKey));
  return {
    findGpuType: (slug) => typeBySlug.get(slug) ?? null,
    findRegion: (code) => regionByCode.get(code) ?? null,
    gpuType: (slug) => typeBySlug.get(slug) ?? unlistedGpuType(slug),
    region: (code) => regionByCode.get(code) ?? { code, name: code, country: null },
    hasPair: (pair) => pairKeys.has(pairKey(pair)),
    hasScope: ({ gpuType, region }) =>
      pairs.some(
        (pair) =>
          (gpuType ?? pair.gpuType) === pair.gpuType && (region ?? pair.region) === pair.region,
      ),
    pairs: (selection) => pairs.filter(pairMatcher(selection)),
  };
}

function pairMatcher({ gpuTypes, regions }: PairSelection): (pair: Pair) => boolean {
  const wantedTypes = gpuTypes ? new Set(gpuTypes) : null;
  const wantedRegions = regions ? new Set(regions) : null;
  return ({ gpuType, region }) =>
    (wantedTypes?.has(gpuType) ?? true) && (wantedRegions?.has(region) ?? true);
}

/** A unit pushed while its type's import has not reached this node yet must not fail the answer. */
function unlistedGpuType(slug: string): GpuType {
  return {
    slug,
    name: slug,
    vendor: 'OTHER',
    vramGb: 0,
    interconnect: 'UNKNOWN',
    fp16Tflops: null,
    referenceMicros: null,
  };
}
