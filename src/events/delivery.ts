import type { SequencedEvent } from '../domain/cache-event.ts';
import type { EventReporter } from '../domain/cache-reporter.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventBusHandlers } from './types.ts';

/** Hands events to the handlers; what one of them throws neither stops the bus nor the next event. */
export interface Delivery {
  event(sequenced: SequencedEvent): void;
  gap(partition: number): void;
  connected(): void;
  disconnected(): void;
}

export function createDelivery(
  handlers: EventBusHandlers,
  logger: Logger,
  reporter: EventReporter | null,
): Delivery {
  const guarded = (what: string, call: () => void): void => {
    try {
      call();
    } catch (error) {
      logger.error({ err: error }, `The bus handler ${what} threw.`);
    }
  };
  return {
    event: (sequenced) => {
      const { type, timestamp } = sequenced.event;
      reporter?.heard(type, Date.now() - timestamp);
      guarded('onEvent', () => handlers.onEvent(sequenced));
    },
    gap: (partition) => {
      reporter?.gap(partition);
      guarded('onGap', () => handlers.onGap(partition));
    },
    connected: () => guarded('onConnected', handlers.onConnected),
    disconnected: () => guarded('onDisconnected', handlers.onDisconnected),
  };
}
