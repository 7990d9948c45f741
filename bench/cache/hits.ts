import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { LRUCache } from 'lru-cache';
import { keyText, priceKey, type CacheKey } from '../../src/domain/cache-key.ts';
import type { Pair } from '../../src/domain/catalog.ts';
import { startMarketNode } from '../../test/support/market-node.ts';
import { interleaved, type Contestant } from '../support/measure.ts';
import { short, spread, times, type BenchResult } from '../support/result.ts';

const ENTRIES = 500;
const HITS = 100_000;
const BENTO_HITS = 20_000;
const NS_PER_MS = 1e6;

const PAIRS: readonly Pair[] = Array.from({ length: ENTRIES }, (_, index) => ({
  gpuType: `type-${index % 25}`,
  region: `region-${Math.floor(index / 25)}`,
}));
const KEYS = PAIRS.map(priceKey);
const NAMES = KEYS.map(keyText);
/** Both sides get their keys ready-made: what is measured is the look-up. */
const nameOf = (index: number): string => NAMES[index] ?? '';
const keyOf = (index: number): CacheKey => KEYS[index] ?? priceKey({ gpuType: '', region: '' });

/** (a) What one hit in memory costs, against a bare lru-cache and against bentocache's memory layer. */
export async function benchHits(): Promise<BenchResult> {
  const node = await startMarketNode({ database: { path: 'memory://' } });
  const prices = node.cache.collection({
    keyOf,
    load: async (ids: readonly number[]) => ids.map((id) => ({ value: PAIRS[id], asOf: 0 })),
  });
  const raw = new LRUCache<string, Pair>({ max: ENTRIES });
  for (const [index, pair] of PAIRS.entries()) raw.set(nameOf(index), pair);
  const [bento, bareBento] = [createBento(true), createBento(false)];
  for (const [index, value] of PAIRS.entries()) {
    for (const cache of [bento, bareBento]) await cache.set({ key: nameOf(index), value });
  }
  await prices.getMany([...PAIRS.keys()]);
  const found = await interleaved([
    awaited('lru-cache, awaited', HITS, (index) => raw.get(nameOf(index))),
    awaited('edgebook, awaited', HITS, (index) => prices.get(index)),
    awaited('bentocache, awaited', BENTO_HITS, (index) => bento.get({ key: nameOf(index) })),
    awaited('bentocache without serialisation, awaited', BENTO_HITS, (index) =>
      bareBento.get({ key: nameOf(index) }),
    ),
    called('lru-cache', HITS, (index) => raw.get(nameOf(index))),
    called('edgebook', HITS, (index) => prices.get(index)),
  ]);
  const hits = node.cache.stats().namespaces.GPU_PRICING.l1.hits;
  await Promise.all([bento.disconnectAll(), bareBento.disconnectAll()]);
  await node.stop();
  const rawNs = found['lru-cache, awaited'].median;
  const ours = found['edgebook, awaited'].median;
  const bentoNs = found['bentocache, awaited'].median;
  return {
    title: '(a) One hit in memory',
    parameters: `${ENTRIES} entries, ${HITS} hits per round, ns per hit`,
    columns: ['', 'ns per hit', 'against lru-cache awaited'],
    rows: Object.entries(found).map(([name, sample]) => [
      name,
      spread(sample),
      times(sample.median, rawNs),
    ]),
    aims: [
      { text: `every read was a hit (${hits})`, met: hits >= 10 * HITS },
      {
        text: `≤ 3× a raw lru-cache, both awaited: ${short(ours / rawNs)}×`,
        met: ours <= 3 * rawNs,
      },
      {
        text: `≥ 10× faster than bentocache: ${short(bentoNs / ours)}×`,
        met: bentoNs >= 10 * ours,
      },
    ],
  };
}

/** As it comes it keeps values serialised; without that every reader may change what all others read. */
function createBento(serialize: boolean) {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems: ENTRIES, serialize }));
  return new BentoCache({ default: 'memory', stores: { memory: store } });
}

function awaited<Name extends string>(
  name: Name,
  count: number,
  get: (index: number) => unknown,
): Contestant & { readonly name: Name } {
  return {
    name,
    run: async () => {
      const start = performance.now();
      for (let hit = 0; hit < count; hit += 1) await get(hit % ENTRIES);
      return ((performance.now() - start) * NS_PER_MS) / count;
    },
  };
}

/** Without awaiting each: what is left when one await serves many reads. */
function called<Name extends string>(
  name: Name,
  count: number,
  get: (index: number) => unknown,
): Contestant & { readonly name: Name } {
  return {
    name,
    run: async () => {
      const start = performance.now();
      let last: unknown;
      for (let hit = 0; hit < count; hit += 1) last = get(hit % ENTRIES);
      await last;
      return ((performance.now() - start) * NS_PER_MS) / count;
    },
  };
}
