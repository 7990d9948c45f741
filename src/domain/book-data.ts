import type { JsonObject } from './cache-event.ts';
import type { Candle } from './candle.ts';
import { formatDecimal, parseDecimal, type Micros } from './money.ts';
import type { LevelChange } from './order-book.ts';
import type { Fill, Order } from './order.ts';
import { parseIso, toIso, type EpochMs } from './time.ts';

/**
 * `data` of ORDER_BOOK_UPDATED: what one transaction did to a book. Without a change of levels `changes`
 * is empty and the two sequences are equal; it may still tell of orders, fills and candles.
 */
export interface BookData {
  readonly gpuType: string;
  readonly region: string;
  /** The sequence that the changes apply to. */
  readonly previousSequence: bigint;
  readonly sequence: bigint;
  readonly changes: readonly LevelChange[];
  /** Of the whole book after the changes. */
  readonly checksum: string;
  /** Orders that were placed, filled or ended, as they are now: private, for their owners' streams. */
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  /** The running candle of each interval, after the transaction's fills and price; empty without any. */
  readonly candles: readonly Candle[];
}

type Writable = Record<string, JsonObject[string]>;

/** Inverse of {@link bookFromJson}. */
export function bookToJson(data: BookData): JsonObject {
  return {
    gpuType: data.gpuType,
    region: data.region,
    previousSequence: data.previousSequence.toString(),
    sequence: data.sequence.toString(),
    changes: data.changes.map(changeToJson),
    checksum: data.checksum,
    orders: data.orders.map(orderToJson),
    fills: data.fills.map(fillToJson),
    candles: data.candles.map(candleToJson),
  };
}

/** Null for data that tells of no book. */
export function bookFromJson(data: JsonObject): BookData | null {
  if (!Array.isArray(data['changes'])) return null;
  return {
    gpuType: text(data['gpuType']),
    region: text(data['region']),
    previousSequence: BigInt(text(data['previousSequence'])),
    sequence: BigInt(text(data['sequence'])),
    changes: list(data['changes']).map(changeFromJson),
    checksum: text(data['checksum']),
    orders: list(data['orders']).map(orderFromJson),
    fills: list(data['fills']).map(fillFromJson),
    candles: list(data['candles']).map(candleFromJson),
  };
}

function changeToJson({ rateMicros, ...rest }: LevelChange): JsonObject {
  return { ...rest, usdPerGpuHour: formatDecimal(rateMicros) };
}

function changeFromJson({ usdPerGpuHour, ...rest }: Writable): LevelChange {
  return { ...(rest as unknown as LevelChange), rateMicros: money(usdPerGpuHour) };
}

function fillToJson({ rateMicros, at, ...rest }: Fill): JsonObject {
  return { ...rest, usdPerGpuHour: formatDecimal(rateMicros), at: toIso(at) };
}

function fillFromJson({ usdPerGpuHour, at, ...rest }: Writable): Fill {
  return {
    ...(rest as unknown as Fill),
    rateMicros: money(usdPerGpuHour),
    at: instant(at),
  };
}

function orderToJson({ limitMicros, period, expiresAt, createdAt, ...rest }: Order): JsonObject {
  return {
    ...rest,
    limitUsdPerGpuHour: formatDecimal(limitMicros),
    start: toIso(period.start),
    end: toIso(period.end),
    expiresAt: expiresAt === null ? null : toIso(expiresAt),
    createdAt: toIso(createdAt),
  };
}

function orderFromJson(json: Writable): Order {
  const { limitUsdPerGpuHour, start, end, expiresAt, createdAt, ...rest } = json;
  return {
    ...(rest as unknown as Order),
    limitMicros: money(limitUsdPerGpuHour),
    period: { start: instant(start), end: instant(end) },
    expiresAt: expiresAt === null ? null : instant(expiresAt),
    createdAt: instant(createdAt),
  };
}

function candleToJson(candle: Candle): JsonObject {
  const { openMicros, highMicros, lowMicros, closeMicros } = candle;
  return {
    interval: candle.interval,
    openTime: toIso(candle.openTime),
    open: formatDecimal(openMicros),
    high: formatDecimal(highMicros),
    low: formatDecimal(lowMicros),
    close: formatDecimal(closeMicros),
    gpuMs: candle.gpuMs.toString(),
    trades: candle.trades,
  };
}

function candleFromJson(json: Writable): Candle {
  return {
    interval: json['interval'] as Candle['interval'],
    openTime: instant(json['openTime']),
    openMicros: money(json['open']),
    highMicros: money(json['high']),
    lowMicros: money(json['low']),
    closeMicros: money(json['close']),
    gpuMs: BigInt(text(json['gpuMs'])),
    trades: json['trades'] as number,
  };
}

function list(value: JsonObject[string] | undefined): Writable[] {
  return Array.isArray(value) ? (value as Writable[]) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function money(value: unknown): Micros {
  return parseDecimal(text(value)) ?? 0n;
}

function instant(value: unknown): EpochMs {
  return parseIso(text(value)) ?? 0;
}
