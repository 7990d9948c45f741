import type { Client } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { ObjectCache } from '../../../docs/clients/shared/object-cache.ts';
import { PriceBoard } from '../../../docs/clients/shared/price-board.ts';
import { UnderWay } from '../../../docs/clients/shared/under-way.ts';
import { until } from '../../support/wait.ts';

function createReads() {
  const reads: { id: string; answer: PromiseWithResolvers<string> }[] = [];
  const cache = new ObjectCache<string>((id) => {
    const answer = Promise.withResolvers<string>();
    reads.push({ id, answer });
    return answer.promise;
  });
  return { reads, cache };
}

describe('a cache of objects', () => {
  test('reads an object once, until it is dropped', async () => {
    const { reads, cache } = createReads();
    const both = Promise.all([cache.get('a'), cache.get('a')]);
    reads[0]?.answer.resolve('old');
    expect(await both).toEqual(['old', 'old']);
    cache.drop(['a', 'b']);
    void cache.get('a');
    cache.clear();
    void cache.get('a');
    expect(reads).toHaveLength(3);
  });

  test('gives an answer that a drop overtook to nobody who asks later', async () => {
    const { reads, cache } = createReads();
    const before = cache.get('a');
    cache.drop(['a']);
    const after = cache.get('a');
    reads[1]?.answer.resolve('new');
    reads[0]?.answer.resolve('old');
    expect([await before, await after, await cache.get('a')]).toEqual(['old', 'new', 'new']);
  });

  test('keeps no failure, and a thousand objects at most', async () => {
    const { reads, cache } = createReads();
    const failed = cache.get('a');
    reads[0]?.answer.reject(new Error('no answer'));
    await expect(failed).rejects.toThrow('no answer');
    for (let id = 0; id <= 1_000; id += 1) void cache.get(`${id}`);
    expect(reads).toHaveLength(1 + 1_001);
    void cache.get('1000');
    expect(reads).toHaveLength(1 + 1_001);
    void cache.get('0');
    expect(reads).toHaveLength(1 + 1_002);
  });
});

test('a board keeps the newer of two prices, whichever comes first', () => {
  const market = { gpuType: { slug: 't4' }, region: { code: 'us-east-1' } };
  const board = new PriceBoard();
  expect(board.get(market)).toBeUndefined();
  board.set({ ...market, usdPerGpuHour: '2', sequence: '1000' });
  board.set({ ...market, usdPerGpuHour: '1', sequence: '999' });
  expect(board.get(market)).toBe('2');
  board.set({ ...market, usdPerGpuHour: '3', sequence: '1000' });
  expect(board.get(market)).toBe('3');
});

/** A socket whose operations are answered by hand. */
function createSocket() {
  const sinks: { complete(): void; error(reason: unknown): void }[] = [];
  const socket = {
    subscribe: (_payload: unknown, sink: (typeof sinks)[number]) => {
      sinks.push(sink);
      return () => undefined;
    },
  } as unknown as Client;
  const underWay = new UnderWay();
  const watched = underWay.watch(socket);
  const ask = (query: string): (() => void) =>
    watched.subscribe({ query }, { next: () => {}, error: () => {}, complete: () => {} });
  return { sinks, underWay, ask };
}

describe('queries under way', () => {
  test('nothing is done twice when there are none, whatever is subscribed to', async () => {
    const { underWay, ask } = createSocket();
    ask('subscription { cacheInvalidated { __typename } }');
    let times = 0;
    await underWay.twice(() => (times += 1));
    expect(times).toBe(1);
  });

  test.each([
    ['is answered', (sink: { complete(): void }) => sink.complete()],
    ['fails', (sink: { error(reason: unknown): void }) => sink.error('no')],
    ['is given up', (_sink: unknown, leave: () => void) => leave()],
  ])('what is dropped while one is under way is dropped again when it %s', async (_how, end) => {
    const { underWay, ask, sinks } = createSocket();
    const leave = ask('query { regions { id } }');
    let times = 0;
    const done = underWay.twice(() => (times += 1));
    ask('query { prices { usdPerGpuHour } }');
    expect(times).toBe(1);
    const [sink] = sinks;
    if (sink) end(sink, leave);
    await until(() => times === 2, { what: 'the second time' });
    await done;
    expect(times).toBe(2);
  });
});
