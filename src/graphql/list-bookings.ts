import type { Booking, BookingStatus } from '../domain/booking.ts';
import type { BookingPageRequest } from '../market/types.ts';
import { connectionOf, type Connection } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { decodeGlobalId } from './global-id.ts';
import { atMost100, pageRequest, type PageArgs } from './paging.ts';
import { decodePlace, encodePlace } from './place-in-time.ts';
import { requireViewer } from './roles.ts';

export interface BookingListArgs extends Pick<PageArgs, 'first' | 'after'> {
  readonly status?: readonly BookingStatus[] | null | undefined;
  readonly gpuId?: string | null | undefined;
}

const BOOKINGS = 'bookings';
const EMPTY: Connection<Booking> = {
  edges: [],
  totalCount: 0,
  hasNextPage: false,
  hasPreviousPage: false,
};

/** One page of the bookings that the viewer may see, newest first, read from the system of record. */
export async function listBookings(
  context: Pick<GraphqlContext, 'market' | 'viewer'>,
  { status = null, gpuId, ...page }: BookingListArgs,
): Promise<Connection<Booking>> {
  const viewer = requireViewer(context);
  atMost100('status', status);
  const { size, after } = pageRequest(page, (cursor) => decodePlace(BOOKINGS, cursor));
  const unit = typeof gpuId === 'string' ? decodeGlobalId('Gpu', gpuId) : null;
  if (typeof gpuId === 'string' && unit === null) return EMPTY;
  const request: BookingPageRequest = { first: size, after, status, gpuId: unit };
  const { bookings, hasNextPage, totalCount } = await context.market.bookings(viewer, request);
  const hasPreviousPage = after !== null && totalCount > 0;
  return connectionOf(
    { items: bookings, hasNextPage, hasPreviousPage, totalCount },
    (booking) => encodePlace(BOOKINGS, booking),
    (booking) => booking,
  );
}
