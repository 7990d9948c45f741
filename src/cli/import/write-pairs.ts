import type { IngestCounts, PairDraft } from '../../market/ingest-draft.ts';
import type { Ingest } from '../../market/ingest.ts';
import { formatCount } from '../output.ts';
import { startProgress } from '../progress.ts';

/** Writes pair after pair with a progress of units; returns what became of all of them. */
export async function writePairs(
  ingest: Ingest,
  pairs: readonly PairDraft[],
): Promise<IngestCounts> {
  const total = pairs.reduce((sum, draft) => sum + draft.units.length, 0);
  const progress = startProgress('units written', total);
  const counts = { added: 0, changed: 0, paused: 0, unchanged: 0 };
  let done = 0;
  try {
    for (const draft of pairs) {
      const { added, changed, paused, unchanged } = await ingest.pair(draft);
      counts.added += added;
      counts.changed += changed;
      counts.paused += paused;
      counts.unchanged += unchanged;
      done += draft.units.length;
      progress.update(done);
    }
  } finally {
    progress.stop();
  }
  return counts;
}

/** `1,792 added, 0 changed, 3 paused, 12 unchanged` */
export function countsText({ added, changed, paused, unchanged }: IngestCounts): string {
  const parts = { added, changed, paused, unchanged };
  return Object.entries(parts)
    .map(([what, count]) => `${formatCount(count)} ${what}`)
    .join(', ');
}
