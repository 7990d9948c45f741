import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { followChanges, type StreamItem } from '../../../docs/clients/shared/changes.ts';
import { keepSubscribed, type Kept, type Sink } from '../../../docs/clients/shared/stream.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A server to subscribe to by hand. */
function createSource<Item>() {
  const sinks: Sink<Item>[] = [];
  const left: number[] = [];
  const subscribe = (sink: Sink<Item>): (() => void) => {
    const index = sinks.push(sink) - 1;
    return () => void left.push(index);
  };
  const newest = (): Sink<Item> => sinks.at(-1) as Sink<Item>;
  return { subscribe, sinks, left, newest };
}

/** Longer than the longest pause. */
const LONG_MS = 60_000;

function keep(source = createSource<number>()) {
  const heard: number[] = [];
  const breaks: unknown[] = [];
  const kept = keepSubscribed<number>({
    subscribe: source.subscribe,
    next: (item, end) => {
      if (item < 0) throw new Error('below zero');
      if (item === 0) end('zero');
      heard.push(item);
    },
    onBreak: (reason) => breaks.push(reason),
  });
  return { ...source, heard, breaks, kept };
}

describe('a kept subscription', () => {
  test.each([
    ['ends', (sink: Sink<number>) => sink.end('over'), 'over'],
    ['is ended by what it says', (sink: Sink<number>) => sink.next(0), 'zero'],
    ['makes its listener throw', (sink: Sink<number>) => sink.next(-1), new Error('below zero')],
  ])('is made again, once, when it %s', (_how, end, reason) => {
    const { sinks, left, breaks, heard, newest } = keep();
    const [first] = sinks;
    end(newest());
    first?.end('again');
    first?.next(5);
    expect({ breaks, left }).toEqual({ breaks: [reason], left: [0] });
    expect(heard).not.toContain(5);
    vi.advanceTimersByTime(250);
    expect(sinks).toHaveLength(2);
    newest().next(6);
    expect(heard).toContain(6);
  });

  test('is made again when it has been silent for three heartbeats', () => {
    const { sinks, newest } = keep();
    for (let beat = 0; beat < 10; beat += 1) {
      vi.advanceTimersByTime(14_000);
      newest().next(1);
    }
    expect(sinks).toHaveLength(1);
    vi.advanceTimersByTime(16_000);
    expect(sinks).toHaveLength(2);
  });

  test('waits longer after each attempt that heard nothing, and not for ever', () => {
    const { newest } = keep();
    const pause = (): number => {
      const before = Date.now();
      newest().end();
      vi.advanceTimersToNextTimer();
      return Date.now() - before;
    };
    for (const most of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const waited = pause();
      expect(waited).toBeGreaterThanOrEqual(Math.floor(most / 2));
      expect(waited).toBeLessThanOrEqual(most);
    }
    newest().next(1);
    expect(pause()).toBeLessThanOrEqual(250);
  });

  test('can be refused before it has begun', () => {
    const refused = createSource<number>();
    const { breaks, left, kept } = keep({
      ...refused,
      subscribe: (sink) => {
        sink.end('no');
        return refused.subscribe(sink);
      },
    });
    expect({ breaks, left }).toEqual({ breaks: ['no'], left: [0] });
    kept.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([false, true])('is over when it is stopped, in a pause: %s', (inPause) => {
    const { kept, sinks, left, heard, newest } = keep();
    if (inPause) newest().end();
    kept.stop();
    kept.stop();
    sinks[0]?.next(7);
    vi.advanceTimersByTime(LONG_MS);
    expect({ sinks: sinks.length, heard, isLeft: left.includes(0) }).toEqual({
      sinks: 1,
      heard: [],
      isLeft: true,
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

type Change = { readonly __typename: 'Change'; readonly cursor: string };
const start = (resumed: boolean, cursor: string) =>
  ({ __typename: 'StreamStart', resumed, cursor }) as const;
const change = (cursor: string): Change => ({ __typename: 'Change', cursor });

function followed() {
  const source = createSource<StreamItem<Change>>();
  const asked: (string | null)[] = [];
  const applied: string[] = [];
  const reloads: PromiseWithResolvers<void>[] = [];
  const kept: Kept = followChanges<Change>({
    subscribe: (after, sink) => {
      asked.push(after);
      return source.subscribe(sink);
    },
    reload: () => {
      const reload = Promise.withResolvers<void>();
      reloads.push(reload);
      return reload.promise;
    },
    apply: ({ cursor }) => applied.push(cursor),
  });
  const breakOff = async (): Promise<void> => {
    source.newest().end();
    await vi.advanceTimersByTimeAsync(LONG_MS / 4);
  };
  return { ...source, asked, applied, reloads, kept, breakOff };
}

describe('a followed resumable stream', () => {
  test('reads all once, then resumes behind what it heard last', async () => {
    const { newest, reloads, asked, applied, breakOff } = followed();
    newest().next(start(false, 'a'));
    newest().next(change('b'));
    reloads[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    newest().next({ __typename: 'StreamHeartbeat' });
    await breakOff();
    newest().next(start(true, 'c'));
    await breakOff();
    expect({ asked, applied, reloads: reloads.length }).toEqual({
      asked: [null, 'b', 'c'],
      applied: ['b'],
      reloads: 1,
    });
  });

  test('reads all again when the server cannot resume, or says so later', async () => {
    const { newest, reloads } = followed();
    newest().next(start(false, 'a'));
    newest().next(start(false, 'b'));
    expect(reloads).toHaveLength(2);
  });

  test('does not resume what it could not read, or has not read yet', async () => {
    const { newest, reloads, asked, breakOff } = followed();
    newest().next(start(false, 'a'));
    reloads[0]?.reject(new Error('no answer'));
    await vi.advanceTimersByTimeAsync(LONG_MS / 4);
    newest().next(start(false, 'b'));
    newest().next(start(false, 'c'));
    reloads[1]?.resolve();
    await breakOff();
    expect(asked).toEqual([null, null, null]);
    reloads[2]?.resolve();
    await breakOff();
    expect(asked).toEqual([null, null, null, 'c']);
  });
});
