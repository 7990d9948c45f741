import { LRUCache } from 'lru-cache';
import { L1 } from '../../src/cache/l1.ts';
import type { CacheKey } from '../../src/domain/cache-key.ts';
import { keyText, priceKey, summaryKey, unitListKey } from '../../src/domain/cache-key.ts';
import type { Pair } from '../../src/domain/catalog.ts';
import { readRows, readTrace } from '../support/data.ts';
import { seededRandom } from '../support/random.ts';
import { percent, type Aim, type BenchResult } from '../support/result.ts';

const SIZES = [500, 2000, 5000];
const ZIPF_EXPONENTS = [0.8, 1, 1.2];
const ZIPF_KEYS = 50_000;
const REQUESTS = 300_000;
/** Invalidations per read in the load model: 50 writes/s beside 2,000 reads/s. */
const READS_PER_WRITE = 40;
const SMALLEST_AIM = 0.95;

/** (e) How often memory answers: a web trace, Zipf's law, and the keys that edgebook really has. */
export async function benchHitRatio(): Promise<BenchResult> {
  const trace = readTrace('cache2k_web07.trace.xz');
  const pairs = readPairs();
  const keys = pairs.flatMap((pair) => [priceKey(pair), summaryKey(pair), unitListKey(pair)]);
  const workloads: [name: string, keys: CacheKey[], writes: boolean][] = [
    ...ZIPF_EXPONENTS.map((exponent): [string, CacheKey[], boolean] => [
      `Zipf ${exponent}, ${ZIPF_KEYS} keys`,
      zipf(ZIPF_KEYS, exponent).map((rank) => keyOf(`${rank}`)),
      false,
    ]),
    [`our ${keys.length} view keys, 1 write per ${READS_PER_WRITE} reads`, draw(keys), true],
  ];
  if (trace) workloads.unshift(['cache2k_web07', trace.map(keyOf), false]);
  const found = workloads.map(([name, requests, writes]) => ({
    name,
    ratios: SIZES.map((size) => ({
      ours: ours(requests, size, writes),
      raw: raw(requests, size, writes),
    })),
  }));
  return {
    title: '(e) Hit ratio of L1',
    parameters: `${REQUESTS} requests (the trace: ${trace?.length ?? 0}), ${pairs.length} pairs${
      trace ? '' : '; **cache2k_web07 is left out: the file or xz is missing**'
    }`,
    columns: ['workload', ...SIZES.map((size) => `edgebook / lru-cache at ${size}`)],
    rows: found.map(({ name, ratios }) => [
      name,
      ...ratios.map((ratio) => `${percent(ratio.ours)} / ${percent(ratio.raw)}`),
    ]),
    aims: [
      ...SIZES.flatMap((size, index): Aim[] => {
        // A memory that is smaller than what is asked of it misses for want of room, not of freshness.
        if (size < keys.length) return [];
        const ratio = found.at(-1)?.ratios[index]?.ours ?? 0;
        const text = `real keys hit > ${percent(SMALLEST_AIM, 0)} at ${size}: ${percent(ratio)}`;
        return [{ text, met: ratio > SMALLEST_AIM }];
      }),
      {
        text: 'L1 hits as often as an lru-cache of its size with the same invalidations',
        met: found.every(({ ratios }) => ratios.every((one) => one.ours >= 0.99 * one.raw)),
      },
    ],
  };
}

/** The pairs of the real price list; as many synthetic ones where it is not there. */
function readPairs(): Pair[] {
  const rows = readRows('gpu_prices_daily.csv.gz');
  const names = rows?.map((row) => `${row['gpu_model']}@${row['region']?.toLowerCase()}`);
  const distinct = [...new Set(names ?? Array.from({ length: 238 }, (_, index) => `m@r${index}`))];
  return distinct.map((name) => {
    const [gpuType = '', region = ''] = name.split('@');
    return { gpuType, region };
  });
}

function keyOf(key: string): CacheKey {
  return { namespace: 'GPU_PRICING', key, region: 'r' };
}

/** Requests for the given keys, the first ones more popular by Zipf's law with exponent 1. */
function draw(keys: readonly CacheKey[]): CacheKey[] {
  return zipf(keys.length, 1).map((rank) => keys[rank] ?? keyOf('none'));
}

/** Ranks from 0, drawn with the chance of Zipf's law from a fixed seed. */
function zipf(count: number, exponent: number): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank += 1) sums.push((sum += rank ** -exponent));
  const random = seededRandom(42);
  return Array.from({ length: REQUESTS }, () => firstAtLeast(sums, random() * sum));
}

function firstAtLeast(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of requests that L1 answers; with writes, every so often one of the keys is invalidated. */
function ours(requests: readonly CacheKey[], size: number, writes: boolean): number {
  const l1 = new L1({ maxEntries: size, onEvict: () => undefined });
  let hits = 0;
  for (const [index, key] of requests.entries()) {
    if (writes && index % READS_PER_WRITE === 0) l1.delete(written(requests, index));
    if (l1.get(key)) hits += 1;
    else l1.set({ ...ENTRY, key });
  }
  return hits / requests.length;
}

/** What is written while the request at `index` is read: popular keys change more often. */
function written(requests: readonly CacheKey[], index: number): CacheKey {
  return requests[(index * 7) % requests.length] ?? keyOf('none');
}

const ENTRY = {
  partition: 0,
  cached: { value: null, servedFrom: 'L1', sequence: 1n, asOf: 0, degraded: false },
  version: null,
  expiresAtMs: Number.POSITIVE_INFINITY,
  refreshAtMs: Number.POSITIVE_INFINITY,
  bytes: 100,
} as const;

/** The same of a bare lru-cache. */
function raw(requests: readonly CacheKey[], size: number, writes: boolean): number {
  const cache = new LRUCache<string, true>({ max: size });
  let hits = 0;
  for (const [index, key] of requests.entries()) {
    const name = keyText(key);
    if (writes && index % READS_PER_WRITE === 0) cache.delete(keyText(written(requests, index)));
    if (cache.get(name)) hits += 1;
    else cache.set(name, true);
  }
  return hits / requests.length;
}
