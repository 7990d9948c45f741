import type { TieredCache } from '../../cache/types.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { PARTITIONS } from '../../domain/partition.ts';
import type { EventBus } from '../../events/types.ts';
import type { Db } from '../../store/database.ts';
import { tryLockPartition } from '../../store/locks.ts';
import { planOnce } from '../../store/statement.ts';
import {
  claimUnpublished,
  markPublished,
  partitionsWithWork,
  type OutboxRow,
  type PublishedRow,
} from '../../store/outbox-store.ts';
import { createCoalescer } from './coalescer.ts';
import { repeat } from './repeat.ts';

/** Rows per publication: bounds the script's run time and the transaction that holds the lock. */
const BATCH = 100;
/** Keys per publication, unless one event alone names more: Redis does nothing else while it marks them. */
const BATCH_KEYS = 4000;
/** A writer waits this long for its events to be out, then answers; its own node is right already. */
const WRITER_WAIT_MS = 150;
/** How soon to look again while another node publishes the partition. */
const BUSY_RETRY_MS = 10;
/** How often every node looks for rows that others left behind. */
const POLL_MS = 250;

export interface Relay {
  /** Publishes what these partitions hold, this writer's rows included; waits at most 150 ms. Never rejects. */
  publish(partitions: Iterable<number>): Promise<void>;
  /** Starts polling for rows that other writers, imports or a crashed node left unpublished. */
  start(): Running;
  /** Publishes everything that waits; for a node that starts. */
  drain(): Promise<void>;
}

type Outcome = 'empty' | 'more' | 'busy' | 'failed';

/**
 * Moves committed events from the outbox to the bus. Whoever publishes a partition holds its advisory
 * lock and sends its rows in (priority, id) order, so the log's order is the order of versions. A
 * publication that is repeated after a crash is harmless: events have ids and their effects commute.
 */
export function createRelay(deps: {
  readonly db: Db;
  readonly bus: EventBus;
  readonly cache: TieredCache;
  readonly logger: Logger;
}): Relay {
  const runs = Array.from({ length: PARTITIONS }, () => createCoalescer());
  let stopped = false;

  async function publishBatch(partition: number): Promise<Outcome> {
    return deps.db.transaction().execute(async (tx): Promise<Outcome> => {
      await planOnce(tx, {});
      const [locked, claimed] = await Promise.all([
        tryLockPartition(tx, partition),
        claimUnpublished(tx, partition, BATCH),
      ]);
      if (!locked) return 'busy';
      if (claimed.length === 0) return 'empty';
      const rows = withinKeys(claimed);
      const events = rows.map((row) => row.event);
      const published = await deps.bus.publish(partition, events);
      const placed: PublishedRow[] = [];
      for (const [index, { id, event }] of rows.entries()) {
        const sequence = published.sequences[index];
        if (sequence === undefined)
          throw new Error('the bus numbered fewer events than it was given');
        placed.push({
          id,
          base: published.base,
          sequence,
          receivers: published.receivers[index] ?? 0,
          keysDeleted: published.keysDeleted[index] ?? 0,
        });
        deps.cache.apply({ event, partition, base: published.base, sequence });
      }
      await markPublished(tx, placed);
      return claimed.length === BATCH || rows.length < claimed.length ? 'more' : 'empty';
    });
  }

  async function publishAll(partition: number): Promise<void> {
    let outcome: Outcome = 'more';
    while (!stopped && (outcome === 'more' || outcome === 'busy')) {
      try {
        outcome = await publishBatch(partition);
      } catch (error) {
        deps.logger.warn({ err: error, partition }, 'events wait in the outbox: publishing failed');
        outcome = 'failed';
      }
      if (outcome === 'busy') await delay(BUSY_RETRY_MS);
    }
  }

  const run = (partition: number): Promise<void> =>
    runs[partition]?.(() => publishAll(partition)) ?? Promise.resolve();

  async function poll(): Promise<void> {
    await Promise.all((await partitionsWithWork(deps.db)).map(run));
  }

  return {
    publish: (partitions) => within(WRITER_WAIT_MS, Promise.all([...partitions].map(run))),
    drain: poll,
    start() {
      const polling = repeat('relay', POLL_MS, poll, deps.logger);
      return {
        stop() {
          stopped = true;
          return polling.stop();
        },
      };
    },
  };
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

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
