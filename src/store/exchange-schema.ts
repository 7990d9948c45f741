import type { Generated, GeneratedAlways, Selectable } from 'kysely';
import type { CandleInterval } from '../domain/candle.ts';
import type { TrustTier } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import type { OrderSide } from '../domain/order-book.ts';
import type { OrderStatus, TimeInForce } from '../domain/order.ts';
import type { Instant, InstantOrNull } from './columns.ts';

/** The tables of the exchange as Kysely types: orders, fills, books, candles. */
export interface MarketOrderTable {
  id: string;
  /** Time priority among bids of one price. */
  number: GeneratedAlways<bigint>;
  account_id: string;
  gpu_type: string;
  region: string;
  limit_micros: Micros;
  quantity: number;
  gpus_per_unit: number | null;
  filled_quantity: Generated<number>;
  starts_at: Instant;
  ends_at: Instant;
  time_in_force: TimeInForce;
  status: OrderStatus;
  expires_at: InstantOrNull;
  min_trust_tier: TrustTier | null;
  version: Generated<number>;
  created_at: Instant;
}

export interface FillTable {
  id: string;
  number: GeneratedAlways<bigint>;
  order_id: string;
  booking_id: string;
  gpu_type: string;
  region: string;
  rate_micros: Micros;
  gpu_count: number;
  duration_ms: bigint;
  at: Instant;
}

export interface BookAskTable {
  gpu_id: string;
  gpu_type: string;
  region: string;
  rate_micros: Micros;
  price_changed_at: Instant;
  gpu_count: number;
  match_due: Generated<boolean>;
}

export interface BookLevelTable {
  gpu_type: string;
  region: string;
  side: OrderSide;
  rate_micros: Micros;
  gpu_count: number;
  order_count: number;
}

export interface CandleTable {
  gpu_type: string;
  region: string;
  interval: CandleInterval;
  open_time: Instant;
  open_micros: Micros;
  high_micros: Micros;
  low_micros: Micros;
  close_micros: Micros;
  gpu_ms: bigint;
  trades: number;
  first_at: Instant;
  last_at: Instant;
}

/** What of a candle is read. */
export type CandleColumns = Omit<
  Selectable<CandleTable>,
  'gpu_type' | 'region' | 'first_at' | 'last_at'
>;

export interface ExchangeTables {
  market_order: MarketOrderTable;
  fill: FillTable;
  book_ask: BookAskTable;
  book_level: BookLevelTable;
  candle: CandleTable;
}

export type MarketOrderRow = Selectable<MarketOrderTable>;
export type FillRow = Selectable<FillTable>;
