import type { BookingData } from '../../domain/event-data.ts';
import type { StreamChange } from '../../live/types.ts';
import { builder } from '../builder.ts';
import { decodeGlobalId } from '../global-id.ts';
import { atMost100 } from '../paging.ts';
import { requireRole } from '../roles.ts';
import { CacheEventTypeEnum } from './enums.ts';
import { BookingRef, CacheEventRef, OrderRef } from './refs.ts';
import { AT, CURSOR, SEQUENCE } from './stream.ts';

const BookingEventRef = builder.objectRef<StreamChange<BookingData>>('BookingEvent').implement({
  description: 'Something happened to a booking.',
  fields: (t) => ({
    booking: t.field({
      type: BookingRef,
      description: 'The booking as it was right after the change.',
      resolve: ({ change }) => change.booking,
    }),
    change: t.string({
      description: 'HELD, CREATED, CONFIRMED, STARTED, EXTENDED, CANCELLED, EXPIRED or COMPLETED.',
      resolve: ({ change }) => change.change,
    }),
    sequence: t.expose('sequence', { type: 'Sequence', description: SEQUENCE }),
    cursor: t.expose('cursor', { type: 'EventCursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: AT }),
  }),
});

const AFTER = 'Resume after this position; CURSOR_EXPIRED when it is no longer kept.';

/** What nothing is called: an id that names nothing must stay silent, not match everything. */
const NOTHING = '';

function rawIdOrNothing(type: 'Booking' | 'Order', id: string | null | undefined): string | null {
  return typeof id === 'string' ? (decodeGlobalId(type, id) ?? NOTHING) : null;
}

builder.subscriptionField('bookingChanged', (t) =>
  t.field({
    type: BookingEventRef,
    description:
      'Everything that happens to your bookings; the operator hears all. Ends when the token expires.\n\n' +
      'Requires RENTER.',
    args: {
      bookingId: t.arg.id({ description: 'Only this booking.' }),
      after: t.arg({ type: 'EventCursor', description: AFTER }),
    },
    subscribe: (_root, { bookingId, after }, context) => {
      const { accountId, role, expiresAt } = requireRole(context, 'RENTER');
      return context.live.bookings({
        accountId: role === 'OPERATOR' ? null : accountId,
        bookingId: rawIdOrNothing('Booking', bookingId),
        after: after ?? null,
        endsAt: expiresAt,
      });
    },
    resolve: (item, _args, { loaders }) => {
      loaders.forget();
      return item;
    },
  }),
);

builder.subscriptionField('orderChanged', (t) =>
  t.field({
    type: OrderRef,
    description:
      'Your orders as they are placed, filled and ended; the operator hears of all. Ends when the token expires.\n\n' +
      'Requires RENTER.',
    args: { orderId: t.arg.id({ description: 'Only this order.' }) },
    subscribe: (_root, { orderId }, context) => {
      const { accountId, role, expiresAt } = requireRole(context, 'RENTER');
      return context.live.orders({
        accountId: role === 'OPERATOR' ? null : accountId,
        orderId: rawIdOrNothing('Order', orderId),
        endsAt: expiresAt,
      });
    },
    resolve: ({ change }, _args, { loaders }) => {
      loaders.forget();
      return change;
    },
  }),
);

builder.subscriptionField('cacheEvents', (t) =>
  t.field({
    type: CacheEventRef,
    description:
      'Every committed change, each event once. Ends when the token expires.\n\nRequires OPERATOR.',
    args: {
      types: t.arg({ type: [CacheEventTypeEnum], description: 'Only events of these types.' }),
      after: t.arg({ type: 'EventCursor', description: AFTER }),
    },
    subscribe: (_root, { types, after }, context) => {
      const { expiresAt } = requireRole(context, 'OPERATOR');
      return context.live.events({
        types: atMost100('types', types) ?? null,
        after: after ?? null,
        endsAt: expiresAt,
      });
    },
    resolve: (item) => item,
  }),
);
