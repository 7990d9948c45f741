import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Transport } from './operation-source.ts';

const PREFIX = 'edgebook_';
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const PROPAGATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** Of whom there was too much when a live client was refused. */
export type RefusalReason =
  | 'address'
  | 'account'
  | 'subscriptions'
  | 'operations'
  | 'messages'
  | 'unread'
  | 'node';

export type OperationResult = 'ok' | 'error' | 'refused';

export interface Metrics {
  readonly registry: Registry;
  /** An operation was answered; `operation` is its type, `invalid` where no operation was found. */
  operation(operation: string, result: OperationResult, seconds: number): void;
  subscriptionStarted(transport: Transport): void;
  subscriptionEnded(transport: Transport): void;
  /** Open live subscriptions. */
  subscriptions(): number;
  /** A result was executed for a group of equal subscriptions. */
  liveResult(): void;
  delivered(): void;
  conflated(): void;
  /** More waited for a slow client than may: its stream ended or began anew. */
  overflowed(): void;
  /** A connection or an operation was refused, or a socket closed, for want of room. */
  refused(transport: Transport, reason: RefusalReason): void;
  booking(result: string): void;
  order(result: string): void;
  /** Memory answered what the database had no longer. */
  inconsistency(): void;
  propagation(seconds: number): void;
  /** A gauge that is read when somebody looks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** The same with one value per namespace. */
  namespaceGauge(name: string, help: string, read: () => Iterable<readonly [string, number]>): void;
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L>;
}

/** The metrics of one node under `/metrics`; their names are part of the public contract. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const counter = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
  ): Counter<L> =>
    new Counter({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [registry] });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[],
  ): Histogram<L> =>
    new Histogram({ name: PREFIX + name, help, buckets, labelNames, registers: [registry] });

  const requests = counter('graphql_requests_total', 'GraphQL operations answered.', [
    'operation',
    'result',
  ]);
  const seconds = histogram(
    'graphql_request_seconds',
    'Time to answer an operation.',
    REQUEST_BUCKETS,
    ['operation'],
  );
  const delivered = counter('live_deliveries_total', 'Results handed to live subscriptions.', []);
  const liveResults = counter(
    'live_results_total',
    'Results executed, each for a whole group.',
    [],
  );
  const overflowed = counter('live_overflows_total', 'Times that a client was too slow.', []);
  const refused = counter('live_refused_total', 'Live clients refused for want of room.', [
    'transport',
    'reason',
  ]);
  const conflated = counter(
    'live_conflated_total',
    'Ticks replaced by a newer one before they were sent.',
    [],
  );
  const bookings = counter('bookings_total', 'Booking requests by what came of them.', ['result']);
  const orders = counter('orders_total', 'Orders placed by what came of them.', ['result']);
  const inconsistencies = counter(
    'cache_inconsistencies_total',
    'Checked answers from memory that the database contradicted.',
    [],
  );
  const propagation = histogram(
    'event_propagation_seconds',
    'From a change to its arrival here.',
    PROPAGATION_BUCKETS,
    [],
  );
  const subscriptions = new Gauge({
    name: `${PREFIX}live_subscriptions`,
    help: 'Live subscriptions now.',
    labelNames: ['transport'],
    registers: [registry],
  });
  let open = 0;
  subscriptions.set({ transport: 'sse' }, 0);
  subscriptions.set({ transport: 'websocket' }, 0);

  return {
    registry,
    counter,
    operation: (operation, result, took) => {
      requests.inc({ operation, result });
      seconds.observe({ operation }, took);
    },
    subscriptionStarted: (transport) => {
      open += 1;
      subscriptions.inc({ transport });
    },
    subscriptionEnded: (transport) => {
      open -= 1;
      subscriptions.dec({ transport });
    },
    subscriptions: () => open,
    liveResult: () => liveResults.inc(),
    delivered: () => delivered.inc(),
    conflated: () => conflated.inc(),
    overflowed: () => overflowed.inc(),
    refused: (transport, reason) => refused.inc({ transport, reason }),
    booking: (result) => bookings.inc({ result }),
    order: (result) => orders.inc({ result }),
    inconsistency: () => inconsistencies.inc(),
    propagation: (took) => propagation.observe(took),
    gauge: (name, help, read) => {
      const gauge: Gauge = new Gauge({
        name: PREFIX + name,
        help,
        registers: [registry],
        collect: async () => gauge.set(await read()),
      });
    },
    namespaceGauge: (name, help, read) => {
      const gauge: Gauge<'namespace'> = new Gauge({
        name: PREFIX + name,
        help,
        labelNames: ['namespace'],
        registers: [registry],
        collect: () => {
          for (const [namespace, value] of read()) gauge.set({ namespace }, value);
        },
      });
    },
  };
}
