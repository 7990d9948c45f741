import type { EventReporter } from '../domain/cache-reporter.ts';
import type { Logger } from '../domain/logger.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { BusUnavailableError } from './bus-unavailable-error.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { RecentEvents } from './recent-events.ts';
import type { EventBus } from './types.ts';

const MICROS_PER_MS = 1000n;

/** Events of all partitions together that a stream may have missed: its client must be back by then. */
const RECENT_EVENTS = 20_000;

export interface InProcessBusOptions {
  readonly logger: Logger;
  readonly reporter?: EventReporter;
}

/**
 * The bus of a single node: numbers events from the instant it was made (so that a restart is a later
 * incarnation) and hands each to the handlers before `publish` returns. It cannot miss an event, so what
 * it says at the start, that everything is caught up, holds for ever. Its log is its memory.
 */
export function createInProcessBus({ logger, reporter }: InProcessBusOptions): EventBus {
  const base = BigInt(Date.now()) * MICROS_PER_MS;
  const last = new Map<number, bigint>();
  const recent = new RecentEvents(RECENT_EVENTS);
  let delivery: Delivery | null = null;

  return {
    start: async (handlers) => {
      delivery = createDelivery(handlers, logger, reporter ?? null);
      delivery.connected();
      for (let partition = 0; partition < PARTITIONS; partition += 1)
        delivery.caughtUp(partition, { base, sequence: base }, Infinity);
    },
    publish: async (partition, events) => {
      if (!delivery) throw new BusUnavailableError(new Error('The bus is not running.'));
      const sequences: bigint[] = [];
      for (const event of events) {
        const sequence = (last.get(partition) ?? base) + 1n;
        last.set(partition, sequence);
        sequences.push(sequence);
        reporter?.published(event.type);
        const sequenced = { event, partition, base, sequence };
        recent.add(sequenced);
        delivery.event(sequenced, 'applied');
      }
      return {
        base,
        sequences,
        receivers: events.map(() => 1),
        keysDeleted: events.map(() => 0),
      };
    },
    replay: async (...asked) => recent.between(...asked),
    connected: () => delivery !== null,
    stop: async () => {
      delivery = null;
    },
  };
}
