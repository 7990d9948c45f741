import {
  ReplayBookingsDocument,
  type ReplayBookingsQuery,
} from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { parseIso, type Interval } from '../../domain/time.ts';
import { patiently } from './patiently.ts';

export interface LiveBooking {
  readonly id: string;
  readonly gpuId: string;
  readonly period: Interval;
}

/** Every live booking that the token may see, page by page. */
export async function readLiveBookings(client: GraphqlClient): Promise<LiveBooking[]> {
  const bookings: LiveBooking[] = [];
  for (let after: string | null = null; ;) {
    const variables = { after };
    const page: ReplayBookingsQuery = await patiently(() =>
      client.execute(ReplayBookingsDocument, variables),
    );
    for (const { node } of page.bookings.edges) {
      const period = {
        start: parseIso(node.period.start) ?? 0,
        end: parseIso(node.period.end) ?? 0,
      };
      bookings.push({ id: node.id, gpuId: node.gpu.id, period });
    }
    if (!page.bookings.pageInfo.hasNextPage) return bookings;
    after = page.bookings.pageInfo.endCursor ?? null;
  }
}

/** Pairs of bookings of one unit that share an instant. */
export function findOverlaps(bookings: readonly LiveBooking[]): [LiveBooking, LiveBooking][] {
  const overlapping: [LiveBooking, LiveBooking][] = [];
  for (const ofUnit of Map.groupBy(bookings, (booking) => booking.gpuId).values()) {
    let latest: LiveBooking | null = null;
    for (const booking of ofUnit.toSorted((a, b) => a.period.start - b.period.start)) {
      if (latest && booking.period.start < latest.period.end) overlapping.push([latest, booking]);
      if (!latest || booking.period.end > latest.period.end) latest = booking;
    }
  }
  return overlapping;
}
