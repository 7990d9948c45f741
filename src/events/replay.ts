import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { ReplayEvents } from '../domain/log-position.ts';
import { follows, type ReadLog } from './catch-up-script.ts';
import { createInTurn } from './in-turn.ts';
import type { RecentEvents } from './recent-events.ts';

/** Readings of the log at once: what they hold in memory is bounded by it. */
const READINGS = 4;

export interface ReplayOptions {
  /** What this node has heard itself: most who ask missed moments. */
  readonly recent: RecentEvents;
  readonly readLog: ReadLog;
  /** The event in a logged envelope; null when it is forged or not understood. */
  readonly open: (envelope: string) => CacheEvent | null;
}

/** Gives streams what they missed: from memory, else page by page from the log, believed as in catch-up. */
export function createReplay({ recent, readLog, open }: ReplayOptions): ReplayEvents {
  const inTurn = createInTurn(READINGS);

  const readBetween: ReplayEvents = async (partition, { base, sequence }, upTo) => {
    const events: SequencedEvent[] = [];
    let last = sequence;
    while (last < upTo) {
      const page = await readLog(partition, last);
      const goesOn = follows(page, last) && page.entries.length > 0;
      if (page.position.base !== base || !goesOn) return null;
      for (const { envelope } of page.entries.slice(0, Number(upTo - last))) {
        const event = open(envelope);
        if (!event) return null;
        last += 1n;
        events.push({ event, partition, base, sequence: last });
      }
    }
    return events;
  };

  return async (partition, after, upTo) =>
    recent.between(partition, after, upTo) ??
    (await inTurn(() => readBetween(partition, after, upTo)).catch(() => null));
}
