import { setTimeout as sleep } from 'node:timers/promises';
import { ReplayTickerDocument } from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { pairKey } from '../../domain/catalog.ts';

/** Listens to all prices and remembers the newest of each pair. */
export interface Ticker {
  readonly ticks: number;
  /** Waits until the newest tick of every pair is the given price; returns the pairs that never got there. */
  missing(prices: ReadonlyMap<string, string>, timeoutMs: number): Promise<string[]>;
  stop(): Promise<void>;
}

const CHECK_EVERY_MS = 50;

/** Opens the stream; resolves when its first event (StreamStart) is there, so that nothing is missed. */
export async function startTicker(client: GraphqlClient): Promise<Ticker> {
  const latest = new Map<string, string>();
  const stopping = new AbortController();
  const stream = client.subscribe(ReplayTickerDocument, {}, stopping.signal);
  await stream.next();
  let ticks = 0;
  let failure: unknown = null;

  async function listen(): Promise<void> {
    for await (const { priceTicker: tick } of stream) {
      if (tick.__typename !== 'PriceTick') continue;
      ticks += 1;
      latest.set(
        pairKey({ gpuType: tick.gpuType.slug, region: tick.region.code }),
        tick.usdPerGpuHour,
      );
    }
  }

  const listening = listen().catch((error: unknown) => {
    if (!stopping.signal.aborted) failure = error;
  });
  return {
    get ticks() {
      return ticks;
    },
    missing: async (prices, timeoutMs) => {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const missing = [...prices]
          .filter(([pair, usd]) => latest.get(pair) !== usd)
          .map(([pair]) => pair);
        if (failure !== null) throw failure;
        if (missing.length === 0 || performance.now() > deadline) return missing;
        await sleep(CHECK_EVERY_MS);
      }
    },
    stop: () => {
      stopping.abort();
      return listening;
    },
  };
}
