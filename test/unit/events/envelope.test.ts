import { describe, expect, it } from 'vitest';
import { CACHE_EVENT_TYPES, type CacheEvent } from '../../../src/domain/cache-event.ts';
import { CACHE_NAMESPACES } from '../../../src/domain/cache-namespace.ts';
import { decodeEnvelope, encodeEnvelope } from '../../../src/events/envelope.ts';

const EVENT: CacheEvent = {
  eventId: '6d9c2d1e-7a52-4f0e-a8a4-5d3f8f0b1f11',
  type: 'BOOKING_CREATED',
  resourceId: 'us-east-1/h100-sxm/0042',
  data: { change: 'CREATED', booking: { id: 'b1', totalUsd: '12.50', cancelledAt: null } },
  timestamp: 1_790_000_000_123,
  sourceNode: 'node-a',
  affectedNamespaces: ['GPU_AVAILABILITY', 'HISTORICAL'],
  keys: [
    { namespace: 'GPU_AVAILABILITY', key: 'gpu:us-east-1/h100-sxm/0042', region: 'us-east-1' },
    { namespace: 'PROVIDER_STATUS', key: 'providers', region: '*' },
  ],
  region: 'us-east-1',
  version: 7,
};

function wire(over: object = {}): string {
  return JSON.stringify({ ...(JSON.parse(encodeEnvelope(EVENT)) as object), ...over });
}

/** The envelope with one field more as it is written: of two with one name the last counts. */
function raw(field: string): string {
  return `${encodeEnvelope(EVENT).slice(0, -1)},${field}}`;
}

const LONG = 'x'.repeat(1025);

describe('an envelope', () => {
  it('has the seven fields of the caching strategy as they were named, and ours beside them', () => {
    expect(JSON.parse(encodeEnvelope(EVENT))).toEqual({
      schema_version: 1,
      event_id: EVENT.eventId,
      event_type: 'booking_created',
      resource_id: 'us-east-1/h100-sxm/0042',
      data: EVENT.data,
      timestamp: 1_790_000_000.123,
      source_node: 'node-a',
      affected_namespaces: ['gpu_availability', 'historical_data'],
      keys: [
        { key: 'gpu_avail:gpu:us-east-1/h100-sxm/0042', region: 'us-east-1' },
        { key: 'provider_status:providers', region: '*' },
      ],
      region: 'us-east-1',
      version: 7,
      priority: 0,
    });
  });

  it.each(CACHE_EVENT_TYPES)('brings a %s back as it was', (type) => {
    const event = { ...EVENT, type, affectedNamespaces: CACHE_NAMESPACES, version: null };
    expect(decodeEnvelope(encodeEnvelope(event))).toEqual(event);
  });

  it('is understood with fields that a later version may add', () => {
    expect(decodeEnvelope(wire({ signature: 'abc' }))).toEqual(EVENT);
  });

  it.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['another schema version', wire({ schema_version: 2 })],
    ['an unknown type', wire({ event_type: 'gpu_exploded' })],
    ['a type in upper case', wire({ event_type: 'BOOKING_CREATED' })],
    ['an unknown namespace', wire({ affected_namespaces: ['secrets'] })],
    ['a key of an unknown namespace', wire({ keys: [{ key: 'secrets:x', region: '*' }] })],
    ['a key without a namespace', wire({ keys: [{ key: 'x', region: '*' }] })],
    ['no event id', wire({ event_id: '' })],
    ['a timestamp that is no number', wire({ timestamp: '2026-11-23' })],
    ['data that is no object', wire({ data: [] })],
    ['data that is text', wire({ data: 'x' })],
    ['no data', wire({ data: null })],
    ['data with a number that JSON cannot write', raw('"data":{"change":1e999}')],
    ['data with the name of a prototype', raw('"data":{"deep":[{"__proto__":{"isAdmin":true}}]}')],
    ['data nested without end', raw(`"data":{"deep":${'['.repeat(99_999)}${']'.repeat(99_999)}}`)],
    ['a type that is the name of a prototype', wire({ event_type: '__proto__' })],
    ['a type that every object has', wire({ event_type: 'constructor' })],
    ['a type that is no text', wire({ event_type: ['booking_created'] })],
    ['a namespace that every object has', wire({ affected_namespaces: ['toString'] })],
    ['a namespace that is no text', wire({ affected_namespaces: [['gpu_availability']] })],
    ['namespaces that are no list', wire({ affected_namespaces: { length: 0 } })],
    ['more namespaces than there are', wire({ affected_namespaces: Array(7).fill('order_book') })],
    ['keys that are no list', wire({ keys: 'gpu_avail:x' })],
    ['a key that is null', wire({ keys: [null] })],
    ['a key that is a list', wire({ keys: [['gpu_avail:x', '*']] })],
    ['a key that is a number', wire({ keys: [{ key: 7, region: '*' }] })],
    [
      'a key of the namespace of a prototype',
      wire({ keys: [{ key: '__proto__:x', region: '*' }] }),
    ],
    ['a key that is too long', wire({ keys: [{ key: LONG, region: '*' }] })],
    ['a key without a region', wire({ keys: [{ key: 'gpu_avail:x' }] })],
    ['a key of a region that is too long', wire({ keys: [{ key: 'gpu_avail:x', region: LONG }] })],
    ['an event id that is a number', wire({ event_id: 7 })],
    ['an event id that is too long', wire({ event_id: LONG })],
    ['a resource that is an object', wire({ resource_id: {} })],
    ['a resource that is too long', wire({ resource_id: LONG })],
    ['a node that is null', wire({ source_node: null })],
    ['a node that is too long', wire({ source_node: LONG })],
    ['a region that is a list', wire({ region: ['us-east-1'] })],
    ['a region that is too long', wire({ region: LONG })],
    ['a timestamp that is null, as NaN is written', wire({ timestamp: Number.NaN })],
    ['a timestamp without end', raw('"timestamp":1e999')],
    ['a timestamp that is no instant', wire({ timestamp: 1e300 })],
    ['a version that is no integer', wire({ version: 1.5 })],
    ['a version too high to count', wire({ version: 2 ** 53 })],
    ['a version that is text', wire({ version: '7' })],
    ['a priority that is text', wire({ priority: '0' })],
    ['no priority', wire({ priority: undefined })],
    ['a schema version that is text', wire({ schema_version: '1' })],
    ['its fields only on a prototype', `{"__proto__":${encodeEnvelope(EVENT)}}`],
    ['more than a megabyte', wire({ resource_id: 'x'.repeat(1_000_000) })],
  ])('is refused with %s', (_, text) => {
    expect(decodeEnvelope(text)).toBeNull();
  });
});
