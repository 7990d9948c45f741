import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { isPublicStream } from '../../../src/graphql/public-streams.ts';
import { readProjectFile } from '../../support/source-files.ts';

const schema = buildSchema(readProjectFile('schema/schema.graphql'));

function judged(query: string): boolean {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return isPublicStream(document, schema);
}

describe('a subscription', () => {
  test.each([
    'subscription { priceTicker { __typename ... on PriceTick { usdPerGpuHour gpuType { slug } } } }',
    'subscription { availabilityChanged { ... on AvailabilityChange { gpu { id offer { id } provider { slug } } } } }',
    'subscription { cacheInvalidated { ... on Invalidation { nodeIds } ... on StreamStart { cursor } } }',
    'subscription { providerStatusChanged { gpus(first: 1) { edges { node { id } } pageInfo { hasNextPage } } } }',
    'subscription A { priceTicker { ...Tick } } fragment Tick on PriceTick { cursor }',
  ])('shows all viewers the same: %s', (query) => {
    expect(judged(query)).toBe(true);
  });

  test.each([
    'subscription { bookingChanged { change } }',
    'subscription { cacheEvents { eventId } }',
    'subscription { bookingChanged { booking { gpu { id } } } }',
    'subscription A { priceTicker { __typename } } subscription B { bookingChanged { change } }',
    'subscription { providerStatusChanged { ... on Node { id ... on Booking { totalUsd } } } }',
  ])('may show a viewer something of their own: %s', (query) => {
    expect(judged(query)).toBe(false);
  });

  test('of a stream or a type that nobody has judged is private', () => {
    const grown = buildSchema(`
      type Query { a: Int } type Diary { text: String }
      type PriceTick { diary: Diary cursor: String }
      type Subscription { priceTicker: PriceTick dailyNews: PriceTick }`);
    const isPublic = (query: string) => isPublicStream(parse(query), grown);
    expect(isPublic('subscription { priceTicker { cursor } }')).toBe(true);
    expect(isPublic('subscription { dailyNews { cursor } }')).toBe(false);
    expect(isPublic('subscription { priceTicker { diary { text } } }')).toBe(false);
    expect(
      isPublic(
        'subscription { priceTicker { ...F } } fragment F on PriceTick { diary { __typename } }',
      ),
    ).toBe(false);
  });
});
