import type { CacheEvent } from '../domain/cache-event.ts';
import { TOKEN_LIFE_MS, UNPUBLISHED, type ConsistencyToken } from '../domain/consistency-token.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { partitionOf } from '../domain/partition.ts';
import type { NodeMemory } from './node-memory.ts';

/** How long a reader waits for this node to have applied what the reader must see. */
const WAIT_MS = 50;

const NONE: ReadonlySet<number> = new Set();

/**
 * The partitions whose state here is not as new as a client demands, once it was waited for: there only
 * the database may answer. Source: design "The cache", §8.
 */
export async function partitionsBehind(
  memory: NodeMemory,
  { issuedAt, partitions }: ConsistencyToken,
  wanted: ReadonlySet<number>,
): Promise<ReadonlySet<number>> {
  if (Date.now() - issuedAt > TOKEN_LIFE_MS) return NONE;
  const demands = [...partitions].filter(([partition]) => wanted.has(partition));
  const checked = demands.map(async ([partition, at]) =>
    at !== UNPUBLISHED && (await reaches(memory, partition, at)) ? [] : [partition],
  );
  return new Set((await Promise.all(checked)).flat());
}

/** How new an answer must be to show events that this node has committed. */
export function tokenOf(memory: NodeMemory, events: readonly CacheEvent[]): ConsistencyToken {
  const partitions = new Map<number, LogPosition | typeof UNPUBLISHED>();
  for (const { eventId, keys } of events) {
    for (const partition of new Set(keys.map(({ region }) => partitionOf(region)))) {
      if (memory.pending.has(eventId, partition)) partitions.set(partition, UNPUBLISHED);
      // What was applied here is at or before the highest place that was.
      else if (!partitions.has(partition)) partitions.set(partition, memory.position(partition));
    }
  }
  return { issuedAt: Date.now(), partitions };
}

async function reaches(
  memory: NodeMemory,
  partition: number,
  position: LogPosition,
): Promise<boolean> {
  const standing = () => memory.standing(partition, position);
  if (standing() === 'elsewhere') return false;
  await memory.arrivals.wait(() => standing() !== 'behind', WAIT_MS);
  return standing() === 'reached';
}
