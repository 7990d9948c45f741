import type { HistoryDraft } from '../../market/ingest-history.ts';
import type { Ingest } from '../../market/ingest.ts';
import { startProgress } from '../progress.ts';

/** Writes pair after pair with a progress of prices, then tells of it; returns how many candles have them. */
export async function writeHistories(
  ingest: Ingest,
  histories: readonly HistoryDraft[],
): Promise<number> {
  const total = histories.reduce((sum, { prices }) => sum + prices.length, 0);
  const progress = startProgress('prices written', total);
  let [done, candles] = [0, 0];
  try {
    for (const draft of histories) {
      candles += await ingest.history(draft);
      done += draft.prices.length;
      progress.update(done);
    }
  } finally {
    progress.stop();
  }
  if (total > 0) await ingest.tellHistory(histories.map(({ pair }) => pair));
  return candles;
}
