import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { connect as connectSse } from '../../../docs/clients/graphql-sse/connect.ts';
import { connect as connectWs } from '../../../docs/clients/graphql-ws/connect.ts';
import type { Operations } from '../../../docs/clients/graphql-ws/operations.ts';
import * as apollo from '../../../docs/clients/apollo/live.ts';
import * as bare from '../../../docs/clients/graphql-ws/live.ts';
import * as urql from '../../../docs/clients/urql/live.ts';
import { createApolloClient } from '../../../docs/clients/apollo/client.ts';
import { GpuDocument } from '../../../docs/clients/generated.ts';
import { createRelayEnvironment } from '../../../docs/clients/relay/environment.ts';
import { onOld, readGpu } from '../../../docs/clients/relay/gpu.ts';
import { followInvalidations } from '../../../docs/clients/relay/invalidations.ts';
import { followOrderBook } from '../../../docs/clients/relay/order-book.ts';
import { followPrices } from '../../../docs/clients/relay/prices.ts';
import type { Book } from '../../../docs/clients/shared/order-book.ts';
import type { PriceBoard } from '../../../docs/clients/shared/price-board.ts';
import type { Kept } from '../../../docs/clients/shared/stream.ts';
import { UnderWay } from '../../../docs/clients/shared/under-way.ts';
import { createUrqlClient } from '../../../docs/clients/urql/client.ts';

export type Status = string | undefined;

/** A frontend made of one recipe, at the server behind a port. */
export interface App {
  followOrderBook(market: bare.Market, onBook: (book: Book) => void): Kept;
  followPrices(board: PriceBoard): Kept;
  followInvalidations(): Kept;
  /** The status of a unit, from the cache where it has the unit. */
  statusOf(gpuId: string): Promise<Status>;
  /** Shows the status of a unit: first as {@link statusOf}, then as it becomes. */
  show(gpuId: string, onStatus: (status: Status) => void): void;
  /** Ends its connections. */
  close(): void;
}

/** How long answers to queries are held up, so that pushes overtake them. */
const DELAY_MS = 40;

function later<T extends unknown[]>(tell: (...told: T) => void): (...told: T) => void {
  return (...told) => void setTimeout(() => tell(...told), DELAY_MS);
}

function slow(socket: Client): Client {
  return {
    ...socket,
    subscribe: <Data, Extensions>(
      payload: SubscribePayload,
      sink: Sink<FormattedExecutionResult<Data, Extensions>>,
    ) => {
      if (payload.query.includes('subscription')) return socket.subscribe(payload, sink);
      return socket.subscribe<Data, Extensions>(payload, {
        next: later((result: FormattedExecutionResult<Data, Extensions>) => sink.next(result)),
        error: later((reason: unknown) => sink.error(reason)),
        complete: later(() => sink.complete()),
      });
    },
  };
}

function bareApp(client: Operations & { dispose(): unknown }): App {
  const cache = bare.createGpuCache(client);
  const shown = new Set<() => void>();
  const statusOf = async (id: string): Promise<Status> => (await cache.get(id))?.status;
  return {
    followOrderBook: (market, onBook) => bare.followOrderBook(client, market, onBook),
    followPrices: (board) => bare.followPrices(client, board),
    followInvalidations: () =>
      bare.followInvalidations(client, cache, () => {
        for (const show of shown) show();
      }),
    statusOf,
    show: (id, onStatus) => {
      const show = (): void => void statusOf(id).then(onStatus, () => undefined);
      shown.add(show);
      show();
    },
    close: () => void client.dispose(),
  };
}

function unitQuery(id: string) {
  return { query: GpuDocument, variables: { id } };
}

function apolloApp(url: string): App {
  const socket = slow(connectWs(url, null));
  const underWay = new UnderWay();
  const client = createApolloClient(underWay.watch(socket));
  return {
    followOrderBook: (market, onBook) => apollo.followOrderBook(client, market, onBook),
    followPrices: (board) => apollo.followPrices(client, board),
    followInvalidations: () => apollo.followInvalidations(client, underWay),
    statusOf: async (id) => (await client.query(unitQuery(id))).data?.gpu?.status,
    show: (id, onStatus) => {
      client.watchQuery(unitQuery(id)).subscribe(({ data }) => onStatus(data?.gpu?.status));
    },
    close: () => {
      client.stop();
      void socket.dispose();
    },
  };
}

function urqlApp(url: string): App {
  const socket = slow(connectWs(url, null));
  const underWay = new UnderWay();
  const urqlClient = createUrqlClient(underWay.watch(socket));
  const { client } = urqlClient;
  return {
    followOrderBook: (market, onBook) => urql.followOrderBook(client, market, onBook),
    followPrices: (board) => urql.followPrices(client, board),
    followInvalidations: () => urql.followInvalidations(urqlClient, underWay),
    statusOf: async (id) => (await client.query(GpuDocument, { id })).data?.gpu?.status,
    show: (id, onStatus) => {
      client.query(GpuDocument, { id }).subscribe(({ data }) => onStatus(data?.gpu?.status));
    },
    close: () => void socket.dispose(),
  };
}

function relayApp(url: string): App {
  const socket = slow(connectWs(url, null));
  const underWay = new UnderWay();
  const environment = createRelayEnvironment(underWay.watch(socket));
  const statusOf = async (id: string): Promise<Status> => (await readGpu(environment, id))?.status;
  return {
    followOrderBook: (market, onBook) => followOrderBook(environment, market, onBook),
    followPrices: (board) => followPrices(environment, board),
    followInvalidations: () => followInvalidations(environment, underWay),
    statusOf,
    show: (id, onStatus) => {
      const show = (): void => void statusOf(id).then(onStatus, () => undefined);
      onOld(environment, id, show);
      show();
    },
    close: () => void socket.dispose(),
  };
}

/** One app of each recipe; each takes the port of the server. */
export const APPS: Readonly<Record<string, (port: number) => App>> = {
  'graphql-ws': (port) => bareApp(slow(connectWs(`ws://127.0.0.1:${port}/graphql`, null))),
  'graphql-sse': (port) => bareApp(connectSse(`http://127.0.0.1:${port}/graphql`, null)),
  'Apollo Client': (port) => apolloApp(`ws://127.0.0.1:${port}/graphql`),
  urql: (port) => urqlApp(`ws://127.0.0.1:${port}/graphql`),
  Relay: (port) => relayApp(`ws://127.0.0.1:${port}/graphql`),
};
