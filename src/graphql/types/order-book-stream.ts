import type { Pair } from '../../domain/catalog.ts';
import type { LevelChange } from '../../domain/order-book.ts';
import type { BookDelta, BookHeartbeat, BookItem } from '../../live/types.ts';
import { checkedDepth, DEFAULT_DEPTH } from '../book-depth.ts';
import { builder } from '../builder.ts';
import { checkedPair } from '../checked-pair.ts';
import type { GraphqlContext } from '../context.ts';
import { badInput } from '../errors.ts';
import { bookId } from '../global-id.ts';
import { OrderSideEnum } from './enums.ts';
import { BOOK_ID, CHECKSUM, OrderBookSnapshotRef } from './order-book.ts';
import { CURSOR } from './stream.ts';

const DEFAULT_INTERVAL_MS = 100;
const INTERVALS_MS: ReadonlySet<number> = new Set([100, 1000]);

/** An item of the stream with the book that it is of. */
type Told<T> = T & { readonly pair: Pair };

const PriceLevelChangeRef = builder.objectRef<LevelChange>('PriceLevelChange').implement({
  description: 'A level as it is now; gpuCount 0 removes the level.',
  fields: (t) => ({
    side: t.expose('side', { type: OrderSideEnum, description: 'The side that it is on.' }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The price, per GPU per hour.',
      resolve: ({ rateMicros }) => rateMicros,
    }),
    gpuCount: t.exposeInt('gpuCount', { description: 'Cards at this price now.' }),
    orderCount: t.exposeInt('orderCount', { description: 'Offers or orders at it now.' }),
  }),
});

const OrderBookDeltaRef = builder.objectRef<Told<BookDelta>>('OrderBookDelta').implement({
  description:
    'Apply only when previousSequence equals the local sequence; otherwise drop the book and resubscribe.',
  fields: (t) => ({
    bookId: t.id({ description: BOOK_ID, resolve: ({ pair }) => bookId(pair) }),
    previousSequence: t.expose('previousSequence', {
      type: 'Sequence',
      description: 'The sequence of the item before.',
    }),
    sequence: t.expose('sequence', {
      type: 'Sequence',
      description: 'The sequence of the book after it; several changes may be in one delta.',
    }),
    changes: t.field({
      type: [PriceLevelChangeRef],
      description:
        'Levels that entered, changed or left the asked depth; none when all changes lie below it.',
      resolve: ({ changes }) => changes,
    }),
    checksum: t.exposeString('checksum', { description: CHECKSUM }),
    at: t.expose('at', { type: 'DateTime', description: 'When the last change was committed.' }),
    cursor: t.expose('cursor', { type: 'EventCursor', description: CURSOR }),
  }),
});

const OrderBookHeartbeatRef = builder
  .objectRef<Told<BookHeartbeat>>('OrderBookHeartbeat')
  .implement({
    description: 'Sent every 5 s on a quiet book: sequence must match the local one.',
    fields: (t) => ({
      bookId: t.id({ description: BOOK_ID, resolve: ({ pair }) => bookId(pair) }),
      sequence: t.expose('sequence', {
        type: 'Sequence',
        description: 'The sequence of the item before.',
      }),
      checksum: t.exposeString('checksum', { description: CHECKSUM }),
      at: t.expose('at', { type: 'DateTime', description: 'When it was sent.' }),
    }),
  });

const TYPE_NAMES = {
  snapshot: 'OrderBookSnapshot',
  delta: 'OrderBookDelta',
  heartbeat: 'OrderBookHeartbeat',
} as const satisfies Record<BookItem['kind'], string>;

const OrderBookEvent = builder.unionType('OrderBookEvent', {
  description: 'An item of the stream of an order book.',
  types: [OrderBookSnapshotRef, OrderBookDeltaRef, OrderBookHeartbeatRef],
  resolveType: (item) => TYPE_NAMES[(item as BookItem).kind],
});

function checkedInterval(intervalMs: number | null | undefined): number {
  const asked = intervalMs ?? DEFAULT_INTERVAL_MS;
  if (INTERVALS_MS.has(asked)) return asked;
  throw badInput('intervalMs', '`intervalMs` must be 100 or 1000.');
}

async function loadBook({ market }: GraphqlContext, pair: Pair) {
  const [book] = await market.reads.orderBooks([pair]);
  if (!book?.value) throw new Error(`the market of ${bookId(pair)} has no order book`);
  return book.value;
}

builder.subscriptionField('orderBookUpdated', (t) =>
  t.field({
    type: OrderBookEvent,
    description:
      'Snapshot, then deltas batched per intervalMs (100 or 1000), then heartbeats when quiet.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
      depth: t.arg.int({ defaultValue: DEFAULT_DEPTH, description: 'Levels of a side, 1-100.' }),
      intervalMs: t.arg.int({
        defaultValue: DEFAULT_INTERVAL_MS,
        description: 'Least time between two deltas in milliseconds, 100 or 1000.',
      }),
    },
    subscribe: async (_root, { depth, intervalMs, ...names }, context) => {
      const view = { depth: checkedDepth(depth), intervalMs: checkedInterval(intervalMs) };
      const pair = await checkedPair(context, names);
      return context.live.orderBook({ pair, ...view, load: () => loadBook(context, pair) });
    },
    resolve: (item, { gpuType, region }, { loaders }) => {
      loaders.forget();
      return { ...item, pair: { gpuType, region } };
    },
  }),
);
