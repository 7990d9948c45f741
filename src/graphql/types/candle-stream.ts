import { candleStart, CANDLE_MS, type Candle, type CandleInterval } from '../../domain/candle.ts';
import type { Pair } from '../../domain/catalog.ts';
import { builder } from '../builder.ts';
import { checkedPair } from '../checked-pair.ts';
import type { GraphqlContext } from '../context.ts';
import { CandleIntervalEnum } from './enums.ts';
import { CandleRef } from './refs.ts';

/** The newest of the last two: this node's clock may be a little ahead of the database's. */
async function runningCandle(
  { market }: GraphqlContext,
  pair: Pair,
  interval: CandleInterval,
): Promise<Candle | null> {
  const start = candleStart(interval, Date.now());
  const range = { start: start - CANDLE_MS[interval], end: start + CANDLE_MS[interval] };
  return (await market.reads.candles(pair, interval, range)).at(-1) ?? null;
}

builder.subscriptionField('candleUpdated', (t) =>
  t.field({
    type: CandleRef,
    description:
      'The running candle first, then after every fill and price change; at the end of its time once more as closed, then the next one.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
      interval: t.arg({
        type: CandleIntervalEnum,
        required: true,
        description: 'How long a bucket is.',
      }),
    },
    subscribe: async (_root, { interval, ...names }, context) => {
      const pair = await checkedPair(context, names);
      const load = (): Promise<Candle | null> => runningCandle(context, pair, interval);
      return context.live.candles({ pair, interval, load });
    },
    resolve: (candle) => candle,
  }),
);
