import { candleEnd } from '../../domain/candle.ts';
import { gpuHours } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import { listCandles } from '../list-candles.ts';
import { CandleIntervalEnum } from './enums.ts';
import { CandleRef } from './refs.ts';

CandleRef.implement({
  description:
    'OHLC of fills and price changes in [openTime, closeTime). Buckets align to the Unix epoch in UTC. A bucket without trades repeats the last close with volume 0.',
  fields: (t) => ({
    openTime: t.expose('openTime', { type: 'DateTime', description: 'The first instant in it.' }),
    closeTime: t.field({
      type: 'DateTime',
      description: 'The first instant after it.',
      resolve: candleEnd,
    }),
    open: t.field({
      type: 'Decimal',
      description: 'The first price, per GPU per hour.',
      resolve: ({ openMicros }) => openMicros,
    }),
    high: t.field({
      type: 'Decimal',
      description: 'The highest price.',
      resolve: ({ highMicros }) => highMicros,
    }),
    low: t.field({
      type: 'Decimal',
      description: 'The lowest price.',
      resolve: ({ lowMicros }) => lowMicros,
    }),
    close: t.field({
      type: 'Decimal',
      description: 'The last price.',
      resolve: ({ closeMicros }) => closeMicros,
    }),
    gpuHours: t.float({
      description: 'Volume: cards times hours of what was filled.',
      resolve: ({ gpuMs }) => gpuHours(1, Number(gpuMs)),
    }),
    trades: t.exposeInt('trades', { description: 'Fills.' }),
    closed: t.exposeBoolean('closed', { description: 'Whether its time is over.' }),
  }),
});

builder.queryField('candles', (t) =>
  t.field({
    type: [CandleRef],
    description:
      'The candles of one market that begin in [from, to), oldest first, at most 2000; none before its first price and none of an unknown one.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
      interval: t.arg({
        type: CandleIntervalEnum,
        required: true,
        description: 'How long a bucket is.',
      }),
      from: t.arg({ type: 'DateTime', required: true, description: 'Start of the range.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'End of the range.' }),
    },
    resolve: (_root, args, context) => listCandles(context, args, args),
  }),
);
