import type { GpuType, Pair, Region, TrustTier } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import type { PricingMode } from '../domain/offer.ts';

/** What an importer knows of a provider; its status is its own business and is never imported. */
export interface ProviderDraft {
  readonly slug: string;
  readonly name: string;
  readonly trustTier: TrustTier;
  readonly reliability: number | null;
}

/** Reference data that units stand on. Regions and providers that exist already are left as they are. */
export interface ReferenceDraft {
  readonly regions: readonly Region[];
  /** The newest import wins, but an unknown (VRAM 0, null) never overwrites a known. */
  readonly gpuTypes: readonly GpuType[];
  readonly providers: readonly ProviderDraft[];
  readonly pairs: readonly Pair[];
}

/** An offer as its source has it: floor and cap follow from the base. */
export interface OfferDraft {
  readonly mode: PricingMode;
  readonly baseMicros: Micros;
  readonly minDurationMinutes: number;
  readonly maxDurationMinutes: number;
}

export interface UnitDraft {
  readonly provider: string;
  /** Names the unit in its source, unique per provider; the same key later means the same unit. */
  readonly sourceKey: string;
  readonly gpuCount: number;
  readonly cpuCores: number | null;
  readonly ramGb: number | null;
  readonly diskGb: number | null;
  readonly trustTier: TrustTier;
  readonly reliability: number | null;
  readonly offer: OfferDraft;
}

/** Units of one kind that a source only counts: `n` of them have the source keys `key/1` … `key/n`. */
export interface SeriesRef {
  readonly provider: string;
  readonly key: string;
}

/** Everything that a source says about one pair. */
export interface PairDraft {
  readonly pair: Pair;
  readonly units: readonly UnitDraft[];
  /** Offers of units of these series that are not among `units` any more are paused. */
  readonly series: readonly SeriesRef[];
}

/** What became of a draft's units. */
export interface IngestCounts {
  readonly added: number;
  readonly changed: number;
  readonly paused: number;
  readonly unchanged: number;
}
