import type { EventReporter } from '../domain/cache-reporter.ts';
import type { Logger } from '../domain/logger.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { BusUnavailableError } from './bus-unavailable-error.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { EventBus } from './types.ts';

const MICROS_PER_MS = 1000n;

export interface InProcessBusOptions {
  readonly logger: Logger;
  readonly reporter?: EventReporter;
}

/**
 * The bus of a single node: numbers events from the instant it was made (so that a restart is a later
 * incarnation) and hands each to the handlers before `publish` returns. It cannot miss an event, so what
 * it says at the start, that everything is caught up, holds for ever.
 */
export function createInProcessBus({ logger, reporter }: InProcessBusOptions): EventBus {
  const base = BigInt(Date.now()) * MICROS_PER_MS;
  const last = new Map<number, bigint>();
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
        delivery.event({ event, partition, base, sequence }, 'applied');
      }
      return {
        base,
        sequences,
        receivers: events.map(() => 1),
        keysDeleted: events.map(() => 0),
      };
    },
    connected: () => delivery !== null,
    stop: async () => {
      delivery = null;
    },
  };
}
