import type { SequencedEvent } from '../domain/cache-event.ts';
import type { EventArrival, EventReporter } from '../domain/cache-reporter.ts';
import type { LogPosition } from '../domain/log-position.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventBusHandlers } from './types.ts';

/** Hands what happens to the handlers; what one of them throws neither stops the bus nor the next event. */
export interface Delivery {
  event(sequenced: SequencedEvent, arrival: EventArrival): void;
  /** An event that was handed over before came once more: counted only. */
  repeated(sequenced: SequencedEvent): void;
  caughtUp(partition: number, position: LogPosition, sentAtMs: number): void;
  lost(partition: number, position: LogPosition): void;
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
  const report = ({ event }: SequencedEvent, arrival: EventArrival): void =>
    reporter?.heard(event.type, Date.now() - event.timestamp, arrival);
  return {
    event: (sequenced, arrival) => {
      report(sequenced, arrival);
      guarded('onEvent', () => handlers.onEvent(sequenced));
    },
    repeated: (sequenced) => report(sequenced, 'duplicate'),
    caughtUp: (partition, position, sentAtMs) =>
      guarded('onCaughtUp', () => handlers.onCaughtUp(partition, position, sentAtMs)),
    lost: (partition, position) => guarded('onLost', () => handlers.onLost(partition, position)),
    connected: () => guarded('onConnected', handlers.onConnected),
    disconnected: () => guarded('onDisconnected', handlers.onDisconnected),
  };
}
