import { describe, expect, it } from 'vitest';
import { Floors } from '../../../src/cache/floors.ts';
import { rowKey } from './world.ts';

describe('floors', () => {
  it('rise with invalidations and never fall, in whatever order these come', () => {
    const floors = new Floors();
    floors.raise(rowKey('a'), 7n);
    floors.raise(rowKey('a'), 5n);
    expect([floors.of(rowKey('a')), floors.of(rowKey('b'))]).toEqual([7n, 0n]);
  });

  it('never let a key below the floor of all', () => {
    const floors = new Floors();
    floors.reset(10n);
    floors.raise(rowKey('a'), 5n);
    expect(floors.of(rowKey('a'))).toBe(10n);
  });

  it('rise for all keys of a namespace at once', () => {
    const floors = new Floors();
    floors.raise(rowKey('a'), 7n);
    floors.raiseNamespace('GPU_AVAILABILITY', 6n);
    floors.raiseNamespace('GPU_AVAILABILITY', 4n);
    expect([floors.of(rowKey('a')), floors.of(rowKey('b'))]).toEqual([7n, 6n]);
    expect(floors.of(rowKey('b', 'GPU_PRICING'))).toBe(0n);
  });

  it('stay bounded: what is forgotten by key is remembered for all', () => {
    const floors = new Floors();
    for (let index = 1; index <= 4098; index += 1) {
      floors.raise(rowKey(`${index}`), BigInt(index));
    }
    expect(floors.of(rowKey('1'))).toBe(2n);
    expect(floors.of(rowKey('never seen'))).toBe(2n);
    expect(floors.of(rowKey('3'))).toBe(3n);
  });
});
