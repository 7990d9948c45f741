import { describe, expect, test } from 'vitest';
import { NotFoundError } from '../../../src/domain/errors.ts';
import {
  decodeGlobalId,
  encodeGlobalId,
  inputId,
  parseGlobalId,
} from '../../../src/graphql/global-id.ts';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

const RAW_IDS = [
  ['Region', 'us-east-1'],
  ['GpuType', 'h100-sxm'],
  ['Gpu', 'us-east-1/h100-sxm/0042'],
  ['Provider', 'acme'],
  ['Offer', 'us-east-1/h100-sxm/0042'],
  ['Booking', UUID],
  ['Quote', UUID],
  ['Account', 'auth0|someone@example.com'],
] as const;

const base64 = (text: string): string => Buffer.from(text).toString('base64url');

describe('a global id', () => {
  test.each(RAW_IDS)('of a %s comes back as it was', (type, rawId) => {
    expect(parseGlobalId(encodeGlobalId(type, rawId))).toEqual({ type, rawId });
  });

  test('is bound to its type', () => {
    const id = encodeGlobalId('Gpu', 'us-east-1/h100-sxm/0042');
    expect(decodeGlobalId('Gpu', id)).toBe('us-east-1/h100-sxm/0042');
    expect(decodeGlobalId('Offer', id)).toBeNull();
  });

  test.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no type', base64('us-east-1')],
    ['an unknown type', base64('Order:1')],
    ['a name of every object', base64('constructor:1')],
    ['no raw id', base64('Region:')],
    ['a booking that is no UUID', base64('Booking:1')],
    ['a unit without a number', base64('Gpu:us-east-1/h100-sxm')],
    ['another spelling of the same bytes', `${base64('Region:us-east-1')}=`],
    ['a very long text', base64(`Account:${'a'.repeat(1000)}`)],
  ])('that is %s names nothing', (_what, id) => {
    expect(parseGlobalId(id)).toBeNull();
  });

  test('in a mutation says where it was and never what it was', () => {
    expect(() => inputId('Gpu', 'garbage', ['input', 'gpuId'])).toThrow(
      new NotFoundError('The GPU', ['input', 'gpuId']),
    );
  });
});
