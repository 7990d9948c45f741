import {
  pairKey,
  slugify,
  type GpuType,
  type Pair,
  type Region,
  type TrustTier,
} from '../../domain/catalog.ts';
import { gpuModel } from '../../domain/gpu-models.ts';
import type { Micros } from '../../domain/money.ts';
import { lowerMedian } from '../../domain/price.ts';
import type {
  PairDraft,
  ProviderDraft,
  ReferenceDraft,
  UnitDraft,
} from '../../market/ingest-draft.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { HistoryDraft } from '../../market/ingest-history.ts';
import type { PriceRow } from './price-rows.ts';
import { regionOf } from './regions.ts';

/** Above this multiple of its model's median a price is a machine's, not a GPU's, and is clipped. */
const CLIP_FACTOR = 5n;
const MIN_DURATION_MINUTES = 60;
const MAX_DURATION_MINUTES = 43_200;

/** One provider's offers of one kind of machine in one region; its newest day decides. */
interface Series {
  readonly key: string;
  readonly provider: string;
  readonly pair: Pair;
  newest: PriceRow;
}

/** What a whole price file says. */
export interface PriceCatalogue {
  readonly references: ReferenceDraft;
  /** Sorted by pair. */
  readonly pairs: readonly PairDraft[];
  /** Every row as a price at the start of its day, in the order of the file; per pair. */
  readonly histories: readonly HistoryDraft[];
  readonly series: number;
  /** Rows whose price was clipped. */
  readonly clipped: number;
}

/**
 * Collects the rows of a price file. A series is (provider, model, gpu_count, region, rental_type) with
 * labels folded to slugs; its units are the `n_offers` of its newest row, at that row's median price:
 * `on_demand` at a FIXED price, `spot` DYNAMIC. Prices of a model are compared with the median of all
 * its rows.
 */
export class PriceSeries {
  readonly #series = new Map<string, Series>();
  readonly #prices = new Map<string, Micros[]>();
  readonly #histories = new Map<
    string,
    { pair: Pair; prices: { rateMicros: Micros; at: EpochMs }[] }
  >();
  readonly #types = new Map<string, GpuType>();
  readonly #regions = new Map<string, Region>();
  readonly #providers = new Map<string, ProviderDraft>();

  add(row: PriceRow): void {
    const provider = slugify(row.provider);
    const pair = { gpuType: slugify(row.model), region: slugify(row.region) };
    this.#remember(row, provider, pair);
    const history = this.#histories.get(pairKey(pair)) ?? { pair, prices: [] };
    history.prices.push({ rateMicros: row.medianMicros, at: Date.parse(row.date) });
    this.#histories.set(pairKey(pair), history);
    const key = `${pairKey(pair)}/${row.gpuCount}/${row.rentalType}`;
    const name = `${provider}/${key}`;
    const known = this.#series.get(name);
    if (!known) this.#series.set(name, { key, provider, pair, newest: row });
    else if (row.date >= known.newest.date) known.newest = row;
  }

  #remember(row: PriceRow, provider: string, { gpuType, region }: Pair): void {
    const prices = this.#prices.get(gpuType);
    if (prices) prices.push(row.medianMicros);
    else this.#prices.set(gpuType, [row.medianMicros]);
    if (!this.#types.has(gpuType))
      this.#types.set(gpuType, { ...gpuModel(row.model), referenceMicros: null });
    if (!this.#regions.has(region)) this.#regions.set(region, regionOf(row.region));
    if (this.#providers.has(provider)) return;
    this.#providers.set(provider, {
      slug: provider,
      name: row.provider,
      trustTier: 'VERIFIED',
      reliability: null,
    });
  }

  catalogue(): PriceCatalogue {
    const limits = this.#clipLimits();
    const byPair = Map.groupBy(this.#series.values(), (series) => pairKey(series.pair));
    const pairs = [...byPair.keys()]
      .toSorted()
      .flatMap((key) => pairDraft(byPair.get(key) ?? [], limits));
    return {
      references: {
        regions: [...this.#regions.values()],
        gpuTypes: [...this.#types.values()],
        providers: [...this.#providers.values()],
        pairs: pairs.map((draft) => draft.pair),
      },
      pairs,
      histories: [...this.#histories.values()].map((history) => clipHistory(history, limits)),
      series: this.#series.size,
      clipped: this.#countClipped(limits),
    };
  }

  #clipLimits(): ReadonlyMap<string, Micros> {
    const limits = new Map<string, Micros>();
    for (const [gpuType, prices] of this.#prices) {
      limits.set(gpuType, (lowerMedian(prices) ?? 0n) * CLIP_FACTOR);
    }
    return limits;
  }

  #countClipped(limits: ReadonlyMap<string, Micros>): number {
    let clipped = 0;
    for (const [gpuType, prices] of this.#prices) {
      const limit = limits.get(gpuType) ?? 0n;
      clipped += prices.filter((price) => price > limit).length;
    }
    return clipped;
  }
}

function clip(price: Micros, limit: Micros): Micros {
  return price > limit ? limit : price;
}

function clipHistory(
  { pair, prices }: HistoryDraft,
  limits: ReadonlyMap<string, Micros>,
): HistoryDraft {
  const limit = limits.get(pair.gpuType) ?? 0n;
  return {
    pair,
    prices: prices.map(({ rateMicros, at }) => ({ rateMicros: clip(rateMicros, limit), at })),
  };
}

function pairDraft(all: readonly Series[], limits: ReadonlyMap<string, Micros>): PairDraft[] {
  const [first] = all;
  if (!first) return [];
  const limit = limits.get(first.pair.gpuType) ?? 0n;
  return [
    {
      pair: first.pair,
      units: all.flatMap((series) => seriesUnits(series, limit)),
      series: all.map(({ provider, key }) => ({ provider, key })),
    },
  ];
}

function seriesUnits({ key, provider, pair, newest }: Series, limit: Micros): UnitDraft[] {
  const baseMicros = clip(newest.medianMicros, limit);
  return Array.from({ length: newest.offers }, (_, index) => ({
    provider,
    sourceKey: `${key}/${index + 1}`,
    gpuCount: newest.gpuCount,
    cpuCores: null,
    ramGb: null,
    diskGb: null,
    trustTier: trustTierOf(pair.region),
    reliability: null,
    offer: {
      mode: newest.rentalType === 'spot' ? 'DYNAMIC' : 'FIXED',
      baseMicros,
      minDurationMinutes: MIN_DURATION_MINUTES,
      maxDurationMinutes: MAX_DURATION_MINUTES,
    },
  }));
}

/** Some sellers' "regions" are really classes of trust. */
function trustTierOf(region: string): TrustTier {
  if (region === 'community') return 'COMMUNITY';
  return region === 'secure' ? 'DATACENTER' : 'VERIFIED';
}
