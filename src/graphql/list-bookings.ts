import type { Booking, BookingStatus } from '../domain/booking.ts';
import { isUuid } from '../domain/ids.ts';
import type { BookingPageRequest } from '../market/types.ts';
import { connectionOf, type Connection } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { decodeGlobalId } from './global-id.ts';
import { decodePageCursor, encodePageCursor } from './page-cursor.ts';
import { atMost100, pageRequest, type PageArgs } from './paging.ts';
import { requireViewer } from './roles.ts';

type BookingPlace = NonNullable<BookingPageRequest['after']>;

export interface BookingListArgs extends Pick<PageArgs, 'first' | 'after'> {
  readonly status?: readonly BookingStatus[] | null | undefined;
  readonly gpuId?: string | null | undefined;
}

const ORDER = 'bookings';
/** No instant beyond the year 5138 leaves a cursor: the database knows them all. */
const MILLISECONDS = /^\d{1,14}$/;
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
  const { size, after } = pageRequest(page, placeOfCursor);
  const unit = typeof gpuId === 'string' ? decodeGlobalId('Gpu', gpuId) : null;
  if (typeof gpuId === 'string' && unit === null) return EMPTY;
  const request: BookingPageRequest = { first: size, after, status, gpuId: unit };
  const { bookings, hasNextPage, totalCount } = await context.market.bookings(viewer, request);
  const hasPreviousPage = after !== null && totalCount > 0;
  return connectionOf(
    { items: bookings, hasNextPage, hasPreviousPage, totalCount },
    ({ createdAt, id }) => encodePageCursor([ORDER, String(createdAt), id]),
    (booking) => booking,
  );
}

function placeOfCursor(cursor: string): BookingPlace | null {
  const [time, id, ...rest] = decodePageCursor(ORDER, cursor) ?? [];
  if (time === undefined || id === undefined || rest.length > 0) return null;
  return MILLISECONDS.test(time) && isUuid(id) ? { createdAt: Number(time), id } : null;
}
