import { expect, test } from 'vitest';
import { isLiveStream, LIVE_STREAMS } from '../../../src/domain/live-stream.ts';
import { schema } from '../../../src/graphql/schema.ts';

test('the live streams are the subscriptions of the schema', () => {
  const fields = Object.keys(schema.getSubscriptionType()?.getFields() ?? {});
  expect(fields.toSorted()).toEqual([...LIVE_STREAMS]);
  expect(isLiveStream('priceTicker')).toBe(true);
  expect(isLiveStream('prices')).toBe(false);
  expect(isLiveStream(undefined)).toBe(false);
});
