import type { TieredCache } from '../../cache/types.ts';
import type { Logger } from '../../domain/logger.ts';
import type { EventBus } from '../../events/types.ts';
import type { Db } from '../../store/database.ts';
import { tryLockPartitions } from '../../store/locks.ts';
import {
  claimUnpublished,
  markPublished,
  type OutboxRow,
  type PublishedRow,
} from '../../store/outbox-store.ts';
import { planOnce } from '../../store/statement.ts';
import { within } from './within.ts';

/** Rows per publication: bounds the script's run time and the transaction that holds the lock. */
const BATCH = 100;
/** Keys per publication, unless one event alone names more: Redis does nothing else while it marks them. */
const BATCH_KEYS = 4000;
/** How long a publication may keep those of other partitions from being marked: their writers wait. */
const PATIENCE_MS = 100;

/**
 * What became of a partition: nothing is left, there is more, another node publishes it, the bus has not
 * answered yet while other partitions waited, or it could not be published.
 */
export type Outcome = 'empty' | 'more' | 'busy' | 'late' | 'failed';

export interface RoundDeps {
  readonly db: Db;
  readonly bus: EventBus;
  readonly cache: TieredCache;
  readonly logger: Logger;
}

/**
 * Publishes a batch of each of these partitions, side by side, in one transaction that holds their locks,
 * and marks what went out. Rows whose publication failed or is late stay unmarked: they go out again.
 * Rejects when the database fails; then nothing is marked.
 */
export async function publishRound(
  deps: RoundDeps,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, Outcome>> {
  return deps.db.transaction().execute(async (tx) => {
    await planOnce(tx, {});
    const [locked, claimed] = await Promise.all([
      tryLockPartitions(tx, partitions),
      claimUnpublished(tx, partitions, BATCH),
    ]);
    const rowsOf = Map.groupBy(claimed, ({ partition }) => partition);
    const round = new Round(deps);
    const all = Promise.all(locked.map((one) => round.publish(one, rowsOf.get(one) ?? [])));
    await (locked.length > 1 ? within(PATIENCE_MS, all) : all);
    // What comes in from here on is too late for this transaction.
    const outcomes = new Map(round.outcomes);
    if (round.placed.length > 0) await markPublished(tx, [...round.placed]);
    return outcomes;
  });
}

/** What is known of a round so far. */
class Round {
  readonly placed: PublishedRow[] = [];
  readonly outcomes = new Map<number, Outcome>();
  readonly #deps: RoundDeps;

  constructor(deps: RoundDeps) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async publish(partition: number, claimed: readonly OutboxRow[]): Promise<void> {
    if (claimed.length === 0) {
      this.outcomes.set(partition, 'empty');
      return;
    }
    this.outcomes.set(partition, 'late');
    const rows = withinKeys(claimed);
    try {
      this.placed.push(...(await this.#publish(partition, rows)));
      const more = claimed.length === BATCH || rows.length < claimed.length;
      this.outcomes.set(partition, more ? 'more' : 'empty');
    } catch (error) {
      this.outcomes.set(partition, 'failed');
      const message = 'events wait in the outbox: publishing failed';
      this.#deps.logger.warn({ err: error, partition }, message);
    }
  }

  async #publish(partition: number, rows: readonly OutboxRow[]): Promise<PublishedRow[]> {
    const { bus, cache } = this.#deps;
    const published = await bus.publish(
      partition,
      rows.map((row) => row.event),
    );
    return rows.map(({ id, event }, index) => {
      const sequence = published.sequences[index];
      if (sequence === undefined)
        throw new Error('the bus numbered fewer events than it was given');
      cache.apply({ event, partition, base: published.base, sequence });
      return {
        id,
        base: published.base,
        sequence,
        receivers: published.receivers[index] ?? 0,
        keysDeleted: published.keysDeleted[index] ?? 0,
      };
    });
  }
}

/** The first rows that name no more than {@link BATCH_KEYS} together; at least one. */
function withinKeys(claimed: readonly OutboxRow[]): OutboxRow[] {
  const rows: OutboxRow[] = [];
  let keys = 0;
  for (const row of claimed) {
    keys += row.event.keys.length;
    if (keys > BATCH_KEYS && rows.length > 0) break;
    rows.push(row);
  }
  return rows;
}
