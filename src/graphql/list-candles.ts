import { CANDLE_MS, candleState, type CandleInterval, type CandleState } from '../domain/candle.ts';
import type { Pair } from '../domain/catalog.ts';
import type { EpochMs } from '../domain/time.ts';
import type { GraphqlContext } from './context.ts';
import { badInput } from './errors.ts';

/** The most candles of one answer. */
export const MAX_CANDLES = 2000;

export interface CandleListArgs {
  readonly interval: CandleInterval;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Candles that begin in `[from, to)`, oldest first; none of an unknown pair. Throws BAD_USER_INPUT. */
export async function listCandles(
  { loaders, market }: Pick<GraphqlContext, 'loaders' | 'market'>,
  { gpuType, region }: Pair,
  { interval, from, to }: CandleListArgs,
): Promise<CandleState[]> {
  if (from >= to) throw badInput('to', '`to` must be later than `from`.');
  if ((to - from) / CANDLE_MS[interval] > MAX_CANDLES) {
    throw badInput('to', `From \`from\` to \`to\` may be at most ${MAX_CANDLES} candles.`);
  }
  const pair = { gpuType, region };
  const now = Date.now();
  // There are no candles of the future, nor of times before computers.
  const range = { start: Math.max(from, 0), end: Math.min(to, now + CANDLE_MS[interval]) };
  if (range.start >= range.end || !(await loaders.catalog()).hasPair(pair)) return [];
  const candles = await market.reads.candles(pair, interval, range);
  return candles.map((candle) => candleState(candle, now));
}
