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
    ['more than a megabyte', wire({ resource_id: 'x'.repeat(1_000_000) })],
  ])('is refused with %s', (_, text) => {
    expect(decodeEnvelope(text)).toBeNull();
  });
});
