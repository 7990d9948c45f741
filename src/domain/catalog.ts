import type { Micros } from './money.ts';
import type { EpochMs } from './time.ts';

export const GPU_VENDORS = ['NVIDIA', 'AMD', 'INTEL', 'OTHER'] as const;
export type GpuVendor = (typeof GPU_VENDORS)[number];

export const INTERCONNECTS = ['PCIE', 'SXM', 'NVLINK', 'OAM', 'UNKNOWN'] as const;
export type Interconnect = (typeof INTERCONNECTS)[number];

/** Weakest first: `minTrustTier` compares by this order. */
export const TRUST_TIERS = ['COMMUNITY', 'VERIFIED', 'DATACENTER'] as const;
export type TrustTier = (typeof TRUST_TIERS)[number];

export const PROVIDER_STATUSES = ['ONLINE', 'DEGRADED', 'OFFLINE', 'SUSPENDED'] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

export interface Region {
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2, or null where the region is not one country. */
  readonly country: string | null;
}

export interface GpuType {
  readonly slug: string;
  readonly name: string;
  readonly vendor: GpuVendor;
  /** 0 = unknown. */
  readonly vramGb: number;
  readonly interconnect: Interconnect;
  readonly fp16Tflops: number | null;
  /** What one GPU-hour of this model costs where nothing nearer is known; null = unknown. */
  readonly referenceMicros: Micros | null;
}

export interface Provider {
  readonly slug: string;
  readonly name: string;
  readonly status: ProviderStatus;
  /** Codes of the regions where it has units, sorted. */
  readonly regions: readonly string[];
  readonly trustTier: TrustTier;
  readonly reliability: number | null;
  readonly lastSeenAt: EpochMs | null;
  readonly version: number;
}

/** One market: everything that is priced, listed and (later) traded together. */
export interface Pair {
  readonly gpuType: string;
  readonly region: string;
}

/** The reference data that every query needs: small, read whole. */
export interface Catalog {
  readonly gpuTypes: readonly GpuType[];
  readonly regions: readonly Region[];
  /** Every (gpuType, region) that has or had a unit or a price, sorted. */
  readonly pairs: readonly Pair[];
}

/** Lower case, every run of other characters than letters and digits becomes `-`: `H100_SXM` → `h100-sxm`. */
export function slugify(label: string): string {
  return label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** Whether a string can be a slug or a region code at all; cheap refusal of garbage before any look-up. */
export function isSlug(text: string): boolean {
  return text.length <= 64 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}

/** `h100-sxm@us-east-1`: the resource id of a pair in events and cache keys. */
export function pairKey(pair: Pair): string {
  return `${pair.gpuType}@${pair.region}`;
}

/** The inverse of {@link pairKey}; null for anything else. */
export function parsePairKey(key: string): Pair | null {
  const [gpuType, region, ...rest] = key.split('@');
  if (gpuType === undefined || region === undefined || rest.length > 0) return null;
  return isSlug(gpuType) && isSlug(region) ? { gpuType, region } : null;
}
