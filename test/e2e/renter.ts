import { randomUUID } from 'node:crypto';
import {
  AvailabilityChangedDocument,
  CreateBookingDocument,
  GpuDocument,
  GpusDocument,
  type AvailabilityChangedSubscription,
  type CreateBookingMutation,
} from '../../src/client/generated/graphql.ts';
import { createGraphqlClient, type GraphqlClient } from '../../src/client/graphql-client.ts';
import { HOUR_MS, toIso } from '../../src/domain/time.ts';
import type { TestEdgebook } from '../support/edgebook.ts';
import { until } from '../support/wait.ts';

type Push = AvailabilityChangedSubscription['availabilityChanged'];
type Change = Extract<Push, { readonly __typename: 'AvailabilityChange' }>;

/** What a renter at one node does; every call goes through the public API. */
export interface Renter {
  /** The id of a free unit that the demo market leaves alone. */
  freeGpu(): Promise<string>;
  /** Books a unit from this minute for an hour. */
  book(gpuId: string, idempotencyKey?: string): Promise<CreateBookingMutation['createBooking']>;
  statusOf(gpuId: string): Promise<string | undefined>;
  /** Follows all units until the signal aborts; resolves when the stream has started. */
  follow(signal: AbortSignal): Promise<Followed>;
}

export interface Followed {
  /** Resolves with the first change of a unit that was or will be pushed. */
  changeOf(gpuId: string): Promise<Change>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
}

export function createRenter(node: TestEdgebook, token = node.devToken('RENTER')): Renter {
  const client = createGraphqlClient({ url: `${node.origin}/graphql`, token });
  return {
    freeGpu: async () => {
      const filter = { status: ['AVAILABLE' as const] };
      const { gpus } = await client.execute(GpusDocument, { first: 10, filter });
      return gpus.nodes.find(({ name }) => !isTheDemos(name))?.id ?? '';
    },
    book: async (gpuId, idempotencyKey = randomUUID()) => {
      const input = { idempotencyKey, gpuId, period: nextHour() };
      return (await client.execute(CreateBookingDocument, { input })).createBooking;
    },
    statusOf: async (id) => {
      const { start: from, end: to } = nextHour();
      return (await client.execute(GpuDocument, { id, from, to })).gpu?.status;
    },
    follow: (signal) => follow(client, signal),
  };
}

/** The demo market books and switches every third unit (`src/demo/rules.ts`). */
export function isTheDemos(name: string): boolean {
  return Number(name.split('/').at(-1)) % 3 === 0;
}

function nextHour(): { start: string; end: string } {
  const start = new Date().setSeconds(0, 0);
  return { start: toIso(start), end: toIso(start + HOUR_MS) };
}

async function follow(client: GraphqlClient, signal: AbortSignal): Promise<Followed> {
  const pushes: Push[] = [];
  const ended = read(client, pushes, signal);
  await until(() => pushes.length > 0, { what: 'the start of the stream' });
  const find = (gpuId: string): Change | undefined =>
    pushes.find((push): push is Change => 'gpu' in push && push.gpu.id === gpuId);
  return { changeOf: (gpuId) => until(() => find(gpuId), { what: 'the push' }), ended };
}

async function read(client: GraphqlClient, pushes: Push[], signal: AbortSignal): Promise<void> {
  try {
    const stream = client.subscribe(AvailabilityChangedDocument, {}, signal);
    for await (const { availabilityChanged } of stream) pushes.push(availabilityChanged);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
