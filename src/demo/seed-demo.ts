import { gpuModel } from '../domain/gpu-models.ts';
import { pairKey, type GpuType, type Pair } from '../domain/catalog.ts';
import type { PairDraft, UnitDraft } from '../market/ingest-draft.ts';
import type { Ingest } from '../market/ingest.ts';
import {
  DEMO_LISTINGS,
  DEMO_PROVIDERS,
  DEMO_REGIONS,
  MICROS_PER_CENT,
  type DemoListing,
} from './catalogue.ts';

const MIN_DURATION_MINUTES = 15;
const MAX_DURATION_MINUTES = 43_200;

/** A region may be up to 12 % dearer than the first, a provider up to 11 % dearer than another. */
const REGION_STEP_PERCENT = 3;
const REGION_STEPS = 5;
const PROVIDER_STEP_PERCENT = 1;

function priceMicros(cents: number, regionIndex: number, providerIndex: number): bigint {
  const regional = 100 + (regionIndex % REGION_STEPS) * REGION_STEP_PERCENT;
  const percent = regional + providerIndex * PROVIDER_STEP_PERCENT;
  return BigInt(Math.round((cents * percent) / 100)) * MICROS_PER_CENT;
}

function demoUnit(listing: DemoListing, pair: Pair, regionIndex: number, index: number): UnitDraft {
  const listingIndex = DEMO_LISTINGS.indexOf(listing);
  const providerIndex = (listingIndex * 5 + regionIndex * 3 + index) % DEMO_PROVIDERS.length;
  const provider = DEMO_PROVIDERS[providerIndex];
  const gpuCount = listing.gpuCounts[index % listing.gpuCounts.length];
  if (!provider || gpuCount === undefined) throw new Error('a demo listing needs gpuCounts');
  return {
    provider: provider.slug,
    sourceKey: `demo/${pairKey(pair)}/${index + 1}`,
    gpuCount,
    cpuCores: gpuCount * 16,
    ramGb: gpuCount * 128,
    diskGb: gpuCount * 500,
    trustTier: provider.trustTier,
    reliability: provider.reliability,
    offer: {
      mode: index % 2 === 0 ? 'DYNAMIC' : 'FIXED',
      baseMicros: priceMicros(listing.cents, regionIndex, providerIndex),
      minDurationMinutes: MIN_DURATION_MINUTES,
      maxDurationMinutes: MAX_DURATION_MINUTES,
    },
  };
}

function listingPairs(listing: DemoListing): PairDraft[] {
  return Array.from({ length: listing.regions }, (_, offset) => {
    const regionIndex = (listing.firstRegion + offset) % DEMO_REGIONS.length;
    const pair = { gpuType: listing.model, region: DEMO_REGIONS[regionIndex]?.code ?? '' };
    const units = Array.from({ length: listing.unitsPerRegion }, (__, index) =>
      demoUnit(listing, pair, regionIndex, index),
    );
    return { pair, units, series: [] };
  });
}

/** Every pair of the demo with its units, in the order in which they are made. */
export function demoPairs(): PairDraft[] {
  return DEMO_LISTINGS.flatMap(listingPairs);
}

function demoTypes(): GpuType[] {
  return DEMO_LISTINGS.map(({ model, cents }): GpuType => {
    const { slug, name, vendor, vramGb, interconnect, fp16Tflops } = gpuModel(model);
    const referenceMicros = BigInt(cents) * MICROS_PER_CENT;
    return { slug, name, vendor, vramGb, interconnect, fp16Tflops, referenceMicros };
  });
}

/**
 * Writes the demo catalogue into an empty database; a database that has units already is left as it
 * is. Several nodes may do it at once. Returns whether it wrote.
 */
export async function seedDemo(ingest: Ingest): Promise<boolean> {
  if (!(await ingest.isEmpty())) return false;
  const pairs = demoPairs();
  await ingest.references({
    regions: DEMO_REGIONS,
    gpuTypes: demoTypes(),
    providers: DEMO_PROVIDERS,
    pairs: pairs.map((draft) => draft.pair),
  });
  for (const draft of pairs) await ingest.pair(draft);
  return true;
}
