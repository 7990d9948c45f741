import { describe, expect, test } from 'vitest';
import { CACHE_NAMESPACES } from '../../../src/domain/cache-namespace.ts';
import {
  bookKey,
  candlesKey,
  keysOfPair,
  keysOfResource,
  keyText,
  parseKeyText,
  priceKey,
  providerKey,
  statsKey,
  statsKeysOf,
  summaryKey,
  unitKey,
  unitListKey,
  type CacheKey,
} from '../../../src/domain/cache-key.ts';

const PAIR = { gpuType: 'h100-sxm', region: 'us-east-1' };
const UNIT = 'us-east-1/h100-sxm/0042';

const KEYS: [string, CacheKey, string][] = [
  ['a unit', unitKey(UNIT), `gpu_avail:gpu:${UNIT}`],
  ['a list', unitListKey(PAIR), 'gpu_avail:list:h100-sxm@us-east-1'],
  ['a summary', summaryKey(PAIR), 'gpu_avail:summary:h100-sxm@us-east-1'],
  ['a price', priceKey(PAIR), 'gpu_pricing:price:h100-sxm@us-east-1'],
  ['a provider', providerKey('acme'), 'provider_status:provider:acme'],
  ['statistics', statsKey(PAIR), 'market_stats:stats:h100-sxm@us-east-1'],
  ['a type’s statistics', statsKey({ ...PAIR, region: null }), 'market_stats:stats:h100-sxm@*'],
  ['a region’s', statsKey({ ...PAIR, gpuType: null }), 'market_stats:stats:*@us-east-1'],
  ['the market’s', statsKey({ gpuType: null, region: null }), 'market_stats:stats:*@*'],
  ['candles', candlesKey(PAIR, 'M5', 60_000), 'historical:candles:h100-sxm@us-east-1:M5:60000'],
  ['a book', bookKey(PAIR), 'order_book:book:h100-sxm@us-east-1'],
];

describe('the key of', () => {
  test.each(KEYS)('%s is written with its namespace’s prefix', (_, key, text) => {
    expect(keyText(key)).toBe(text);
  });

  test.each(KEYS)('%s is the one that an operator names by its text', (_, key, text) => {
    expect(parseKeyText(key.namespace, text)).toEqual(key);
    expect(parseKeyText(key.namespace, key.key)).toEqual(key);
  });
});

test('a pair’s things live in its region’s partition, a provider in the global one', () => {
  expect(unitKey(UNIT).region).toBe('us-east-1');
  expect(priceKey(PAIR).region).toBe('us-east-1');
  expect(providerKey('acme').region).toBe('*');
  expect(unitKey('garbage').region).toBe('*');
});

test('statistics of one region live in its partition, those of more in the global one', () => {
  const scopes = statsKeysOf(PAIR).map(({ key, region }) => [key, region]);
  expect(scopes).toEqual([
    ['stats:h100-sxm@us-east-1', 'us-east-1'],
    ['stats:*@us-east-1', 'us-east-1'],
    ['stats:h100-sxm@*', '*'],
    ['stats:*@*', '*'],
  ]);
});

test('text that fits no kind of key is taken as it stands', () => {
  expect(parseKeyText('HISTORICAL', 'anything')).toEqual({
    namespace: 'HISTORICAL',
    key: 'anything',
    region: '*',
  });
});

describe('what a namespace holds of', () => {
  test('a unit', () => {
    expect(keysOfResource('GPU_AVAILABILITY', UNIT)).toEqual([
      unitKey(UNIT),
      unitListKey(PAIR),
      summaryKey(PAIR),
    ]);
    expect(keysOfResource('GPU_PRICING', UNIT)).toEqual([priceKey(PAIR)]);
  });

  test('a pair', () => {
    const pair = 'h100-sxm@us-east-1';
    expect(keysOfResource('GPU_AVAILABILITY', pair)).toEqual([unitListKey(PAIR), summaryKey(PAIR)]);
    expect(keysOfResource('ORDER_BOOK', pair)).toEqual([bookKey(PAIR)]);
    expect(keysOfResource('MARKET_STATS', pair)).toEqual([statsKey(PAIR)]);
  });

  test('a type or a region', () => {
    const ofType = statsKey({ ...PAIR, region: null });
    expect(keysOfResource('MARKET_STATS', 'h100-sxm@*')).toEqual([ofType]);
    expect(keysOfResource('MARKET_STATS', '*@us-east-1')[0]?.region).toBe('us-east-1');
  });

  test('a pair is nothing where the namespace keeps no pairs', () => {
    expect(keysOfPair('PROVIDER_STATUS', PAIR)).toEqual([]);
    expect(keysOfPair('HISTORICAL', PAIR)).toEqual([]);
  });

  test.each(CACHE_NAMESPACES)('any resource is never nothing, in %s', (namespace) => {
    for (const resource of [UNIT, 'h100-sxm@us-east-1', 'us-east-1', 'what/ever']) {
      expect(keysOfResource(namespace, resource)).not.toEqual([]);
    }
  });

  test('a provider', () => {
    expect(keysOfResource('PROVIDER_STATUS', 'acme')).toEqual([providerKey('acme')]);
  });

  test('something unknown is that text itself', () => {
    expect(keysOfResource('HISTORICAL', 'report-7')).toEqual([
      { namespace: 'HISTORICAL', key: 'report-7', region: '*' },
    ]);
  });
});
