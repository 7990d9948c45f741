import { expect, test } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import {
  priceKey,
  providerKey,
  unitKey,
  unitListKey,
  type CacheKey,
} from '../../../src/domain/cache-key.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { invalidatedKeys, invalidatedNodeIds } from '../../../src/graphql/invalidation.ts';
import { NOON } from './world.ts';

const PAIR = { gpuType: 'a100', region: 'east' };

const EVENT: CacheEvent = {
  eventId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  type: 'GPU_AVAILABILITY_CHANGED',
  resourceId: 'east/a100/0001',
  data: {},
  timestamp: NOON,
  sourceNode: 'node-1',
  affectedNamespaces: ['GPU_AVAILABILITY'],
  keys: [unitKey('east/a100/0001'), unitListKey(PAIR), priceKey(PAIR), providerKey('acme')],
  region: 'east',
  version: 2,
};

test('an invalidation names the objects that a client may hold: units, offers, providers', () => {
  expect(invalidatedNodeIds(EVENT)).toEqual([
    encodeGlobalId('Gpu', 'east/a100/0001'),
    encodeGlobalId('Offer', 'east/a100/0001'),
    encodeGlobalId('Provider', 'acme'),
  ]);
});

test('an invalidation names its keys with the prefix of their namespace', () => {
  expect(invalidatedKeys(EVENT)).toEqual([
    'gpu_avail:gpu:east/a100/0001',
    'gpu_avail:list:a100@east',
    'gpu_pricing:price:a100@east',
    'provider_status:provider:acme',
  ]);
});

test('keys that an operator made up name no object', () => {
  const keys = ['gpu:no such', 'provider:Not A Slug', 'booking:1', ''].map((key): CacheKey => {
    return { namespace: 'HISTORICAL', region: '*', key };
  });
  expect(invalidatedNodeIds({ ...EVENT, keys })).toEqual([]);
});
