import type { Micros } from './money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs, type Interval } from './time.ts';

export const CANDLE_INTERVALS = ['M1', 'M5', 'M15', 'H1', 'H4', 'D1'] as const;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];

export const CANDLE_MS: Readonly<Record<CandleInterval, number>> = {
  M1: MINUTE_MS,
  M5: 5 * MINUTE_MS,
  M15: 15 * MINUTE_MS,
  H1: HOUR_MS,
  H4: 4 * HOUR_MS,
  D1: DAY_MS,
};

/**
 * How long candles of an interval are kept; the coarse ones for ever. What is older is neither stored
 * by an import nor answered.
 */
export const CANDLE_RETENTION_MS: Readonly<Record<CandleInterval, number>> = {
  M1: 30 * DAY_MS,
  M5: 90 * DAY_MS,
  M15: 180 * DAY_MS,
  H1: Infinity,
  H4: Infinity,
  D1: Infinity,
};

/** Candles per question. */
export const MAX_CANDLES = 2000;

/** OHLC of fills and price changes in `[openTime, openTime + interval)`, aligned to the Unix epoch. */
export interface Candle {
  readonly interval: CandleInterval;
  readonly openTime: EpochMs;
  readonly openMicros: Micros;
  readonly highMicros: Micros;
  readonly lowMicros: Micros;
  readonly closeMicros: Micros;
  /** Volume: GPUs × milliseconds of the fills. */
  readonly gpuMs: bigint;
  /** Fills. */
  readonly trades: number;
}

/** A candle as it is told: a closed one changes no more. */
export interface CandleState extends Candle {
  readonly closed: boolean;
}

/** The start of the candle that holds `at`. */
export function candleStart(interval: CandleInterval, at: EpochMs): EpochMs {
  return Math.floor(at / CANDLE_MS[interval]) * CANDLE_MS[interval];
}

/** The first instant after the candle. */
export function candleEnd({ interval, openTime }: Pick<Candle, 'interval' | 'openTime'>): EpochMs {
  return openTime + CANDLE_MS[interval];
}

/** The candle as it is told at `now`. */
export function candleState(candle: Candle, now: EpochMs): CandleState {
  return { ...candle, closed: candleEnd(candle) <= now };
}

/** A candle without trades: it repeats the last close. */
export function emptyCandle(
  interval: CandleInterval,
  openTime: EpochMs,
  closeMicros: Micros,
): Candle {
  return {
    interval,
    openTime,
    openMicros: closeMicros,
    highMicros: closeMicros,
    lowMicros: closeMicros,
    closeMicros,
    gpuMs: 0n,
    trades: 0,
  };
}

/** Something that a candle is made of: a fill, or a price change (no volume, no trade). */
export interface Tick {
  readonly rateMicros: Micros;
  readonly at: EpochMs;
  /** GPUs × milliseconds of the fill; 0 for a price change. */
  readonly gpuMs: bigint;
  readonly trades: 0 | 1;
}

/** A candle with the instants of its first and last tick, so that parts of it may come in any order. */
export interface CandlePart extends Candle {
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
}

/** What ticks add to the candles of one interval, by start; of ticks of one instant the later one closes. */
export function candleParts(interval: CandleInterval, ticks: readonly Tick[]): CandlePart[] {
  const parts = new Map<EpochMs, CandlePart>();
  for (const tick of ticks.toSorted((a, b) => a.at - b.at)) {
    const openTime = candleStart(interval, tick.at);
    const known = parts.get(openTime);
    parts.set(openTime, known ? withTick(known, tick) : firstPart(interval, openTime, tick));
  }
  return [...parts.values()];
}

function firstPart(interval: CandleInterval, openTime: EpochMs, tick: Tick): CandlePart {
  const { rateMicros, at, gpuMs, trades } = tick;
  const quiet = emptyCandle(interval, openTime, rateMicros);
  return { ...quiet, gpuMs, trades, firstAt: at, lastAt: at };
}

function withTick(part: CandlePart, { rateMicros, at, gpuMs, trades }: Tick): CandlePart {
  return {
    ...part,
    highMicros: rateMicros > part.highMicros ? rateMicros : part.highMicros,
    lowMicros: rateMicros < part.lowMicros ? rateMicros : part.lowMicros,
    closeMicros: rateMicros,
    gpuMs: part.gpuMs + gpuMs,
    trades: part.trades + trades,
    lastAt: at,
  };
}

/** The start of the oldest candle that is kept at `now`. */
export function oldestKept(interval: CandleInterval, now: EpochMs): EpochMs {
  const keptMs = CANDLE_RETENTION_MS[interval];
  return keptMs === Infinity
    ? -Infinity
    : candleStart(interval, now - keptMs) + CANDLE_MS[interval];
}

/** A row of candles without gaps: what a quiet stretch repeats, the candles with ticks, and where it ends. */
export interface CandleRow {
  /** The last close before the row; null when there was no price yet. */
  readonly closeBefore: Micros | null;
  /** Those that have ticks, oldest first, inside the range. */
  readonly candles: readonly Candle[];
}

/** Every candle that starts in the aligned `range`: quiet ones repeat the last close, none stands before the first price. */
export function fillGaps(interval: CandleInterval, range: Interval, row: CandleRow): Candle[] {
  const byStart = new Map(row.candles.map((candle) => [candle.openTime, candle]));
  let close = row.closeBefore;
  const filled: Candle[] = [];
  for (let at = range.start; at < range.end; at += CANDLE_MS[interval]) {
    const candle = byStart.get(at) ?? (close === null ? null : emptyCandle(interval, at, close));
    if (!candle) continue;
    filled.push(candle);
    close = candle.closeMicros;
  }
  return filled;
}
