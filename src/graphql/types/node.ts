import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import {
  findAccount,
  findBooking,
  findEdgeNode,
  findFill,
  findOrder,
  findProvider,
  findUnit,
} from '../find.ts';
import { parseGlobalId, type NodeType } from '../global-id.ts';
import { atMost100 } from '../paging.ts';

/** An object of any node type, told apart by its name. */
type AnyNode = object & { readonly __typename: NodeType };

type Find = (context: GraphqlContext, rawId: string) => Promise<object | null>;

const FIND: Readonly<Record<NodeType, Find>> = {
  Region: async ({ loaders }, code) => (await loaders.catalog()).findRegion(code),
  GpuType: async ({ loaders }, slug) => (await loaders.catalog()).findGpuType(slug),
  Gpu: findUnit,
  Provider: findProvider,
  Offer: async (context, id) => (await findUnit(context, id))?.value.offer ?? null,
  Booking: findBooking,
  Order: findOrder,
  Fill: findFill,
  /** A quote is read where it is made; afterwards only the booking that it leads to is. */
  Quote: () => Promise.resolve(null),
  Account: findAccount,
  EdgeNode: findEdgeNode,
};

async function findNode(context: GraphqlContext, id: string): Promise<AnyNode | null> {
  const parsed = parseGlobalId(id);
  const node = parsed && (await FIND[parsed.type](context, parsed.rawId));
  return node && { ...node, __typename: parsed.type };
}

export const NodeRef = builder.interfaceRef<object>('Node').implement({
  description: 'An object that can be read again by its id.',
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id, unique over all types.',
      resolve: () => {
        throw new Error('every node type resolves its own id');
      },
    }),
  }),
});

builder.queryField('node', (t) =>
  t.field({
    type: NodeRef,
    nullable: true,
    description: 'Any object by its id; null when nothing of that id is there for you.',
    args: { id: t.arg.id({ required: true, description: 'The id of the object.' }) },
    resolve: (_root, { id }, context) => findNode(context, id),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [NodeRef],
    nullable: { list: false, items: true },
    description:
      'Many objects by their ids, in their order, with null where nothing is there for you.',
    args: { ids: t.arg.idList({ required: true, description: 'At most 100 ids.' }) },
    resolve: (_root, { ids }, context) => atMost100('ids', ids).map((id) => findNode(context, id)),
  }),
);
