import { builder } from '../builder.ts';
import { apiError } from '../errors.ts';
import { encodeGlobalId } from '../global-id.ts';
import { listBookings } from '../list-bookings.ts';
import { listOrders } from '../list-orders.ts';
import { DEFAULT_PAGE_SIZE } from '../paging.ts';
import { requireRole, requireViewer } from '../roles.ts';
import { BookingConnectionRef } from './booking.ts';
import { BookingStatusEnum, OrderStatusEnum, RoleEnum } from './enums.ts';
import { NodeRef } from './node.ts';
import { OrderConnectionRef } from './order.ts';
import { AccountRef } from './refs.ts';

AccountRef.implement({
  description: 'Who signs in: a renter, a provider or an operator.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the account.',
      resolve: (account) => encodeGlobalId('Account', account.id),
    }),
    role: t.expose('role', { type: RoleEnum, description: 'What it may do.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    bookings: t.field({
      type: BookingConnectionRef,
      description:
        "Its bookings, newest first: a provider's are those of its units, the operator sees all. " +
        'Only the account itself may ask.\n\nRequires RENTER.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
        after: t.arg.string({ description: 'Cursor that the page follows.' }),
        status: t.arg({ type: [BookingStatusEnum], description: 'Only those in these states.' }),
      },
      resolve: (account, args, context) => {
        if (requireViewer(context).accountId === account.id) return listBookings(context, args);
        throw apiError('FORBIDDEN', {}, 'Only the account itself may read its bookings here.');
      },
    }),
    orders: t.field({
      type: OrderConnectionRef,
      description:
        'Its orders, newest first; the operator sees all. Only the account itself may ask.\n\n' +
        'Requires RENTER.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
        after: t.arg.string({ description: 'Cursor that the page follows.' }),
        status: t.arg({ type: [OrderStatusEnum], description: 'Only those in these states.' }),
      },
      resolve: (account, args, context) => {
        if (requireRole(context, 'RENTER').accountId === account.id)
          return listOrders(context, args);
        throw apiError('FORBIDDEN', {}, 'Only the account itself may read its orders here.');
      },
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: AccountRef,
    nullable: true,
    description: 'Who is signed in; null for a stranger.',
    resolve: (_root, _args, { market, viewer }) => viewer && market.account(viewer),
  }),
);
