import { TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql';

/** Streams that give every viewer the same. */
const PUBLIC_STREAMS: ReadonlySet<string> = new Set([
  'availabilityChanged',
  'cacheInvalidated',
  'candleUpdated',
  'marketStatsUpdated',
  'orderBookUpdated',
  'priceTicker',
  'providerStatusChanged',
]);

/** Types whose every field shows every viewer the same. A type that is not here may not. */
const PUBLIC_TYPES: ReadonlySet<string> = new Set([
  'AvailabilityChange',
  'AvailabilityStreamEvent',
  'AvailabilitySummary',
  'Candle',
  'Freshness',
  'Gpu',
  'GpuConnection',
  'GpuEdge',
  'GpuType',
  'Invalidation',
  'InvalidationStreamEvent',
  'MarketStats',
  'Offer',
  'OrderBookDelta',
  'OrderBookEvent',
  'OrderBookHeartbeat',
  'OrderBookSnapshot',
  'PageInfo',
  'Price',
  'PriceLevel',
  'PriceLevelChange',
  'PriceStreamEvent',
  'PriceTick',
  'Provider',
  'Region',
  'StreamHeartbeat',
  'StreamStart',
  'TimeWindow',
]);

/**
 * Whether all viewers of this subscription are sent the same, so that one execution may serve them
 * all. Judged by the schema, for every operation and fragment of a valid document; in doubt it is
 * private: what is not in the tables of this file shows a viewer something of their own.
 */
export function isPublicStream(document: DocumentNode, schema: GraphQLSchema): boolean {
  const typeInfo = new TypeInfo(schema);
  const root = schema.getSubscriptionType();
  let isPublic = true;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        const known =
          parent === root
            ? PUBLIC_STREAMS.has(node.name.value)
            : PUBLIC_TYPES.has(parent?.name ?? '');
        if (!known) isPublic = false;
      },
    }),
  );
  return isPublic;
}
