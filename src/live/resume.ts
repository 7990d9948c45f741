import type { SequencedEvent } from '../domain/cache-event.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS, partitionOf } from '../domain/partition.ts';
import { decodeCursor, type CursorVector } from './cursor.ts';
import type { FeedEvent, Hub } from './hub.ts';
import { Positions } from './positions.ts';
import type { StreamPosition } from './types.ts';

/** Events that one client may have missed: more is cheaper fetched than replayed. */
const MAX_MISSED = 20_000;

/** How long a client that comes from a node which is ahead of this one waits for it to catch up. */
const MAX_LAG_MS = 2_000;
const LAG_STEP_MS = 20;

/** Where a stream is to go on, and which partitions its events come from. */
export interface Resumption {
  readonly after: CursorVector;
  readonly concerns: (partition: number) => boolean;
}

/** What a stream did not get. */
export interface Missed {
  /** Where the cursor stands, told with what is known now. */
  readonly before: StreamPosition;
  /** Oldest first in each partition, each once. */
  readonly events: readonly FeedEvent[];
  /** After all of them: what is published from now on comes next. */
  readonly position: StreamPosition;
  readonly order: number;
}

interface Gap {
  readonly partition: number;
  readonly after: LogPosition;
  readonly upTo: bigint;
}

/** @throws InvalidInputError for what is no cursor. */
export function readCursor(after: string): CursorVector {
  const vector = decodeCursor(after);
  if (vector) return vector;
  throw new InvalidInputError(
    '`after` must be a cursor that this API has sent; leave it out to start with the next change.',
    ['after'],
    'a cursor of this API',
  );
}

/** Whether it is clear without a look at the log that nobody can tell what was missed. */
export function isExpired(hub: Hub, resumption: Resumption): boolean {
  return gapsSince(hub, resumption) === 'expired';
}

/**
 * What was published since the cursor's position; null when nobody can tell any more. A node that lags
 * behind the cursor catches up first: what the client has had already is then older than the answer.
 */
export async function missedSince(hub: Hub, resumption: Resumption): Promise<Missed | null> {
  for (let waitedMs = 0; waitedMs <= MAX_LAG_MS && !hub.stopped; waitedMs += LAG_STEP_MS) {
    const gaps = gapsSince(hub, resumption);
    if (gaps === 'expired') return null;
    if (gaps !== 'ahead') return readGaps(hub, resumption, gaps);
    await new Promise((resolve) => setTimeout(resolve, LAG_STEP_MS));
  }
  return null;
}

function gapsSince(
  hub: Hub,
  { after, concerns }: Resumption,
): readonly Gap[] | 'expired' | 'ahead' {
  const gaps: Gap[] = [];
  let missed = 0n;
  let isAhead = false;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    if (!concerns(partition)) continue;
    const [from, known] = [after.get(partition), hub.positionOf(partition)];
    if (!from || !known || from.base < known.base) return 'expired';
    if (from.base > known.base || from.sequence > known.sequence) isAhead = true;
    else if (from.sequence < known.sequence)
      gaps.push({ partition, after: from, upTo: known.sequence });
    missed += known.sequence - from.sequence;
  }
  if (isAhead) return 'ahead';
  return missed > MAX_MISSED ? 'expired' : gaps;
}

/** The position is taken before anything is waited for: what comes meanwhile is not in the answer. */
async function readGaps(
  hub: Hub,
  { after }: Resumption,
  gaps: readonly Gap[],
): Promise<Missed | null> {
  const position = hub.position();
  const order = hub.next();
  const events: FeedEvent[] = [];
  const passed = new Positions(after);
  const before = passed.now(position.at, position.sequence);
  const seen = new Set<string>();
  const pages = await Promise.all(
    gaps.map((gap) => hub.replay(gap.partition, gap.after, gap.upTo)),
  );
  for (const page of pages) {
    if (!page) return null;
    for (const event of page) {
      passed.advance(event.partition, event);
      if (!isNews(hub, event, seen)) continue;
      events.push({ event, order, position: passed.now(event.event.timestamp, event.sequence) });
    }
  }
  return { before, events, position, order };
}

/** An event counts where it stood first, and in its region's partition. */
function isNews(hub: Hub, event: SequencedEvent, seen: Set<string>): boolean {
  const { eventId, region } = event.event;
  if (event.partition !== partitionOf(region) || hub.repeats(event) || seen.has(eventId))
    return false;
  seen.add(eventId);
  return true;
}
