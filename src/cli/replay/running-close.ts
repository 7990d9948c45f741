import { ReplayCandleDocument } from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import type { Pair } from '../../domain/catalog.ts';
import { HOUR_MS, toIso } from '../../domain/time.ts';

/** The clocks of this machine and of the system may be so far apart. */
const CLOCKS_APART_MS = 3 * HOUR_MS;

/** The close of the pair's running candle; null where it has none. */
export async function runningClose(client: GraphqlClient, pair: Pair): Promise<string | null> {
  const now = Date.now();
  const range = { from: toIso(now - CLOCKS_APART_MS), to: toIso(now + CLOCKS_APART_MS) };
  const { candles } = await client.execute(ReplayCandleDocument, { ...pair, ...range });
  return candles.at(-1)?.close ?? null;
}
