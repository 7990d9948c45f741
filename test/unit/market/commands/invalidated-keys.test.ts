import { expect, test } from 'vitest';
import type { CacheEvent } from '../../../../src/domain/cache-event.ts';
import { unitKey } from '../../../../src/domain/cache-key.ts';
import { encodeEnvelope, MAX_ENVELOPE_LENGTH } from '../../../../src/events/envelope.ts';
import { MAX_KEYS_OF_EVENT } from '../../../../src/market/commands/invalidated-keys.ts';

const LONGEST_NAME = 'n'.repeat(64);
const SIGNATURE_LENGTH = 60;

test('the most and longest keys that an invalidation names fit one signed envelope', () => {
  const numbers = Array.from({ length: MAX_KEYS_OF_EVENT }, (_, index) => 100_000_000 + index);
  const event: CacheEvent = {
    eventId: 'e'.repeat(36),
    type: 'MANUAL_INVALIDATION',
    resourceId: LONGEST_NAME,
    data: { namespace: 'GPU_AVAILABILITY', reason: '\u0001'.repeat(500) },
    timestamp: 0,
    sourceNode: 's'.repeat(255),
    affectedNamespaces: ['GPU_AVAILABILITY'],
    keys: numbers.map((number) => unitKey(`${LONGEST_NAME}/${LONGEST_NAME}/${number}`)),
    region: LONGEST_NAME,
    version: null,
  };
  expect(new Set(event.keys.map(({ region }) => region))).toEqual(new Set([LONGEST_NAME]));
  expect(encodeEnvelope(event).length + SIGNATURE_LENGTH).toBeLessThan(MAX_ENVELOPE_LENGTH);
});
