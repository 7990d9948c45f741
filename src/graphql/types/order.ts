import { builder } from '../builder.ts';
import { connectionType } from '../connection.ts';
import { findOrder, gpuTypeOf, regionOf } from '../find.ts';
import { decodeGlobalId, encodeGlobalId } from '../global-id.ts';
import { listFills, listOrders } from '../list-orders.ts';
import { DEFAULT_PAGE_SIZE } from '../paging.ts';
import { requireRole } from '../roles.ts';
import { OrderSideEnum, OrderStatusEnum, TimeInForceEnum } from './enums.ts';
import { FillConnectionRef } from './fill.ts';
import { NodeRef } from './node.ts';
import { GpuTypeRef, OrderRef, RegionRef, TimeWindowRef } from './refs.ts';

OrderRef.implement({
  description: "A renter's limit bid for whole units of one market in one period.",
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the order.',
      resolve: (order) => encodeGlobalId('Order', order.id),
    }),
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model that is wanted.',
      resolve: (order, _args, context) => gpuTypeOf(context, order.gpuType),
    }),
    region: t.field({
      type: RegionRef,
      description: 'Where it is wanted.',
      resolve: (order, _args, context) => regionOf(context, order.region),
    }),
    side: t.field({
      type: OrderSideEnum,
      description: 'Always BID: asks are offers.',
      resolve: () => 'BID' as const,
    }),
    limitUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The highest price that it pays, per GPU per hour.',
      resolve: (order) => order.limitMicros,
    }),
    quantity: t.exposeInt('quantity', { description: 'Units wanted.' }),
    gpusPerUnit: t.exposeInt('gpusPerUnit', {
      nullable: true,
      description: 'Cards that a unit must have; null = any.',
    }),
    filledQuantity: t.exposeInt('filledQuantity', { description: 'Units got so far.' }),
    period: t.expose('period', { type: TimeWindowRef, description: 'When they are wanted.' }),
    timeInForce: t.expose('timeInForce', {
      type: TimeInForceEnum,
      description: 'How long it waits.',
    }),
    status: t.expose('status', { type: OrderStatusEnum, description: 'Its state now.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops resting; null = with the start of its period.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was placed.' }),
    fills: t.field({
      type: FillConnectionRef,
      description: 'What it got, in the order of execution.',
      args: {
        first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
        after: t.arg.string({ description: 'Cursor that the page follows.' }),
      },
      resolve: (order, args, context) => listFills(context, order, args),
    }),
  }),
});

export const OrderConnectionRef = connectionType('Order', 'orders', OrderRef);

builder.queryFields((t) => ({
  order: t.field({
    type: OrderRef,
    nullable: true,
    description:
      'One order; null when there is none of that id for you. The operator sees all.\n\nRequires RENTER.',
    args: { id: t.arg.id({ required: true, description: 'Id of the order.' }) },
    resolve: (_root, { id }, context) => {
      requireRole(context, 'RENTER');
      const rawId = decodeGlobalId('Order', id);
      return rawId === null ? null : findOrder(context, rawId);
    },
  }),
  orders: t.field({
    type: OrderConnectionRef,
    description: 'Your orders, newest first. The operator sees all.\n\nRequires RENTER.',
    args: {
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
      after: t.arg.string({ description: 'Cursor that the page follows.' }),
      status: t.arg({ type: [OrderStatusEnum], description: 'Only those in these states.' }),
    },
    resolve: (_root, args, context) => listOrders(context, args),
  }),
}));
