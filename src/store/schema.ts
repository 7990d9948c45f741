import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable } from 'kysely';
import type { BookingStatus } from '../domain/booking.ts';
import type { GpuVendor, Interconnect, ProviderStatus, TrustTier } from '../domain/catalog.ts';
import type { NodeTier } from '../domain/edge-node.ts';
import type { DeclaredStatus, GpuStatus } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import type { OfferStatus, PricingMode } from '../domain/offer.ts';
import type { TokenRole } from '../domain/viewer.ts';
import type { DefaultInstant, Instant, InstantOrNull } from './columns.ts';
import type { ExchangeTables } from './exchange-schema.ts';

/** The tables as Kysely types: the market, the outbox, the fleet. */
export interface RegionTable {
  code: string;
  name: string;
  country: string | null;
}

export interface GpuTypeTable {
  slug: string;
  name: string;
  vendor: GpuVendor;
  vram_gb: number;
  interconnect: Interconnect;
  fp16_tflops: number | null;
  reference_micros: Micros | null;
}

export interface ProviderTable {
  slug: string;
  name: string;
  status: Generated<ProviderStatus>;
  trust_tier: TrustTier;
  reliability: number | null;
  last_seen_at: InstantOrNull;
  version: Generated<number>;
}

export interface PairTable {
  gpu_type: string;
  region: string;
  book_id: GeneratedAlways<number>;
  book_sequence: Generated<bigint>;
  book_changed_at: DefaultInstant;
  next_unit_number: Generated<number>;
  rate_micros: Micros | null;
  multiplier_millionths: Generated<bigint>;
  price_updated_at: InstantOrNull;
  price_held_until: InstantOrNull;
  version: Generated<number>;
  utilisation_smoothed: number | null;
  price_due_at: DefaultInstant;
  price_ran_at: InstantOrNull;
}

export interface GpuTable {
  id: string;
  gpu_type: string;
  region: string;
  provider: string;
  source_key: string;
  gpu_count: number;
  cpu_cores: number | null;
  ram_gb: number | null;
  disk_gb: number | null;
  trust_tier: TrustTier;
  reliability: number | null;
  declared_status: Generated<DeclaredStatus>;
  current_status: Generated<GpuStatus>;
  version: Generated<number>;
  created_at: DefaultInstant;
}

export interface OfferTable {
  gpu_id: string;
  mode: PricingMode;
  rate_micros: Micros;
  base_micros: Micros;
  floor_micros: Micros;
  cap_micros: Micros;
  min_duration_minutes: number;
  max_duration_minutes: number;
  status: OfferStatus;
  version: Generated<number>;
  price_changed_at: DefaultInstant;
}

export interface AccountTable {
  id: string;
  role: TokenRole;
  name: string;
  created_at: DefaultInstant;
}

export interface BookingTable {
  id: string;
  gpu_id: string;
  account_id: string;
  status: BookingStatus;
  starts_at: Instant;
  ends_at: Instant;
  period: GeneratedAlways<string>;
  rate_micros: Micros;
  gpu_count: number;
  total_micros: Micros;
  refunded_micros: Generated<Micros>;
  hold_expires_at: InstantOrNull;
  version: Generated<number>;
  created_at: Instant;
  cancelled_at: InstantOrNull;
  order_id: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface QuoteTable {
  id: string;
  gpu_id: string;
  account_id: string | null;
  starts_at: Instant;
  ends_at: Instant;
  gpu_count: number;
  rate_micros: Micros;
  total_micros: Micros;
  valid_until: Instant;
}

export interface IdempotencyTable {
  account_id: string;
  key: string;
  request: string;
  answer: ColumnType<unknown, string, string>;
  created_at: Instant;
}

export interface OutboxTable {
  id: GeneratedAlways<bigint>;
  event_id: string;
  partition: number;
  priority: number;
  event: ColumnType<unknown, string, string>;
  debounce_key: string | null;
  not_before: Instant;
  created_at: Instant;
  published_at: InstantOrNull;
  /** Where the log put it; null until then. */
  base: ColumnType<bigint | null, bigint | null | undefined, bigint | null>;
  sequence: ColumnType<bigint | null, bigint | null | undefined, bigint | null>;
  receivers: ColumnType<number | null, number | undefined, number>;
  keys_deleted: ColumnType<number | null, number | undefined, number>;
  home: Generated<boolean>;
}

export interface EdgeNodeTable {
  id: string;
  region: string;
  datacenter: string | null;
  tier: NodeTier;
  version: string;
  started_at: Instant;
  heartbeat_at: Instant;
  last_sequence: bigint;
  lag_events: number;
  health: ColumnType<unknown, string, string>;
  stats: ColumnType<unknown, string, string>;
}

export interface AuditTable {
  id: GeneratedAlways<bigint>;
  at: DefaultInstant;
  account_id: string;
  action: string;
  subject: string;
  reason: string | null;
}

export interface Tables extends ExchangeTables {
  region: RegionTable;
  gpu_type: GpuTypeTable;
  provider: ProviderTable;
  pair: PairTable;
  gpu: GpuTable;
  offer: OfferTable;
  account: AccountTable;
  booking: BookingTable;
  quote: QuoteTable;
  idempotency: IdempotencyTable;
  outbox: OutboxTable;
  audit: AuditTable;
  edge_node: EdgeNodeTable;
}

export type BookingRow = Selectable<BookingTable>;
export type NewBookingRow = Insertable<BookingTable>;
