import { describe, expect, test } from 'vitest';
import { isSlug, pairKey, parsePairKey, slugify } from '../../../src/domain/catalog.ts';

describe('a slug', () => {
  test.each([
    ['H100_SXM', 'h100-sxm'],
    ['H100 SXM', 'h100-sxm'],
    ['RTX 4090 (24 GB)', 'rtx-4090-24-gb'],
    ['US', 'us'],
    ['--A/B--', 'a-b'],
    ['Île-de-France', 'le-de-france'],
    ['***', ''],
  ])('of %s is %s', (label, slug) => {
    expect(slugify(label)).toBe(slug);
  });

  test.each(['h100-sxm', 'us', 'a1'])('may be %s', (text) => {
    expect(isSlug(text)).toBe(true);
  });

  test.each(['', 'H100', 'a--b', '-a', 'a-', 'a b', 'a@b', 'a/b', 'a\n', 'é', 'a'.repeat(65)])(
    'may not be %j',
    (text) => {
      expect(isSlug(text)).toBe(false);
    },
  );
});

describe('the key of a pair', () => {
  test('names type and region, and can be read back', () => {
    const pair = { gpuType: 'h100-sxm', region: 'us-east-1' };
    expect(pairKey(pair)).toBe('h100-sxm@us-east-1');
    expect(parsePairKey(pairKey(pair))).toEqual(pair);
  });

  test.each(['', 'h100', 'h100@', '@us', 'a@b@c', 'H100@us', 'us/h100/0001'])(
    'is not %j',
    (text) => {
      expect(parsePairKey(text)).toBeNull();
    },
  );
});
