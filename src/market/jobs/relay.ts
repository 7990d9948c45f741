import type { Running } from '../../domain/logger.ts';
import { PARTITIONS } from '../../domain/partition.ts';
import { partitionsWithWork } from '../../store/outbox-store.ts';
import { createCoalescer } from './coalescer.ts';
import { publishRound, type Outcome, type RoundDeps } from './relay-round.ts';
import { repeat } from './repeat.ts';
import { within } from './within.ts';

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

/**
 * Moves committed events from the outbox to the bus. Whoever publishes a partition holds its advisory
 * lock and sends its rows in (priority, id) order, so the log's order is the order of versions. A
 * publication that is repeated after a crash is harmless: events have ids and their effects commute.
 * Partitions that wait at the same moment share a transaction; one that the bus did not take goes alone
 * until it does, so that it keeps no other waiting.
 */
export function createRelay(deps: RoundDeps): Relay {
  const runs = Array.from({ length: PARTITIONS }, () => createCoalescer());
  const rounds = createCoalescer();
  const waiting = new Map<number, (outcome: Outcome) => void>();
  const troubled = new Set<number>();
  let stopped = false;

  async function publishTogether(partitions: readonly number[]): Promise<(of: number) => Outcome> {
    try {
      const outcomes = await publishRound(deps, partitions);
      return (partition) => outcomes.get(partition) ?? 'busy';
    } catch (error) {
      const message = 'events wait in the outbox: the database failed';
      deps.logger.warn({ err: error, partitions }, message);
      return () => 'failed';
    }
  }

  async function publishWaiting(): Promise<void> {
    // Whoever commits in this turn of the event loop comes along.
    await new Promise(setImmediate);
    const joined = [...waiting];
    waiting.clear();
    if (joined.length === 0) return;
    const outcomeOf = await publishTogether(joined.map(([partition]) => partition));
    for (const [partition, resolve] of joined) resolve(outcomeOf(partition));
  }

  async function publishBatch(partition: number): Promise<Outcome> {
    if (troubled.has(partition)) return (await publishTogether([partition]))(partition);
    return new Promise((resolve) => {
      waiting.set(partition, resolve);
      void rounds(publishWaiting);
    });
  }

  async function publishAll(partition: number): Promise<void> {
    let outcome: Outcome = 'more';
    while (!stopped && outcome !== 'empty' && outcome !== 'failed') {
      outcome = await publishBatch(partition);
      if (outcome === 'late' || outcome === 'failed') troubled.add(partition);
      else if (outcome !== 'busy') troubled.delete(partition);
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

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
