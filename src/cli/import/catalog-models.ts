import { slugify, type GpuType, type TrustTier } from '../../domain/catalog.ts';
import { gpuModel, parseInterconnect, parseVendor } from '../../domain/gpu-models.ts';
import type { Micros } from '../../domain/money.ts';
import { lowerMedian } from '../../domain/price.ts';
import type { ProviderDraft } from '../../market/ingest-draft.ts';
import { readLabel, readOptionalInteger, readPrice, readWord } from '../cells.ts';

/** The columns of a catalogue file that the import needs. */
export const CATALOG_COLUMNS = [
  'provider',
  'gpu_model',
  'vendor',
  'vram_gb',
  'interconnect',
  'tier',
  'is_spot',
  'price_usd_hour',
] as const;
type CatalogCells = Readonly<Record<(typeof CATALOG_COLUMNS)[number], string>>;

/** One provider's price of one model. */
export interface CatalogRow {
  readonly provider: string;
  readonly model: string;
  readonly vendor: string;
  /** Null where the file does not say. */
  readonly vramGb: number | null;
  readonly interconnect: string;
  readonly tier: string;
  readonly spot: boolean;
  readonly priceMicros: Micros;
}

const MAX_VRAM_GB = 4096;

/** Reads one row; throws a `BadCellError` that names the first cell that cannot be used. */
export function readCatalogRow(cells: CatalogCells): CatalogRow {
  return {
    provider: readLabel('provider', cells.provider),
    model: readLabel('gpu_model', cells.gpu_model),
    vendor: cells.vendor,
    vramGb: readOptionalInteger('vram_gb', cells.vram_gb, [0, MAX_VRAM_GB]),
    interconnect: cells.interconnect,
    tier: cells.tier,
    spot: readWord('is_spot', cells.is_spot, ['0', '1']) === '1',
    priceMicros: readPrice('price_usd_hour', cells.price_usd_hour),
  };
}

/** Tiers in which anybody may sell. */
const COMMUNITY_TIERS = new Set(['community', 'marketplace']);

/** Collects the rows of a catalogue file by model and by provider. */
export class CatalogModels {
  readonly #models = new Map<string, CatalogRow[]>();
  readonly #providers = new Map<string, CatalogRow[]>();

  add(row: CatalogRow): void {
    append(this.#models, slugify(row.model), row);
    append(this.#providers, slugify(row.provider), row);
  }

  references(): {
    readonly gpuTypes: readonly GpuType[];
    readonly providers: readonly ProviderDraft[];
  } {
    return {
      gpuTypes: [...this.#models.values()].flatMap(gpuTypeOf),
      providers: [...this.#providers].flatMap(([slug, rows]) => providerOf(slug, rows)),
    };
  }
}

function append(groups: Map<string, CatalogRow[]>, key: string, row: CatalogRow): void {
  const group = groups.get(key);
  if (group) group.push(row);
  else groups.set(key, [row]);
}

/** What the file says most often of a model; our own table fills in what it does not say. */
function gpuTypeOf(rows: readonly CatalogRow[]): GpuType[] {
  const [first] = rows;
  if (!first) return [];
  const known = gpuModel(first.model);
  const interconnects = rows.map((row) => parseInterconnect(row.interconnect));
  const firm = rows.filter((row) => !row.spot);
  return [
    {
      ...known,
      vendor: parseVendor(first.vendor) ?? known.vendor,
      vramGb:
        mostFrequent(rows.map((row) => row.vramGb ?? 0).filter((gb) => gb > 0)) ?? known.vramGb,
      interconnect:
        mostFrequent(interconnects.filter((name) => name !== 'UNKNOWN')) ?? known.interconnect,
      referenceMicros: lowerMedian((firm.length > 0 ? firm : rows).map((row) => row.priceMicros)),
    },
  ];
}

function providerOf(slug: string, rows: readonly CatalogRow[]): ProviderDraft[] {
  const [first] = rows;
  if (!first) return [];
  const community = rows.every((row) => COMMUNITY_TIERS.has(row.tier));
  const trustTier: TrustTier = community ? 'COMMUNITY' : 'VERIFIED';
  return [{ slug, name: first.provider, trustTier, reliability: null }];
}

/** The value that stands most often; of several the one that came first; null of none. */
function mostFrequent<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const best = Math.max(0, ...counts.values());
  return [...counts].find(([, count]) => count === best)?.[0] ?? null;
}
