import { builder } from '../builder.ts';
import { encodeGlobalId } from '../global-id.ts';
import { requireRole } from '../roles.ts';
import { NodeTierEnum } from './enums.ts';
import { NodeRef } from './node.ts';
import { CacheHealthRef, EdgeNodeRef } from './refs.ts';

EdgeNodeRef.implement({
  description: 'A node of the fleet, as it last told of itself.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the node.',
      resolve: ({ nodeId }) => encodeGlobalId('EdgeNode', nodeId),
    }),
    nodeId: t.exposeString('nodeId', { description: 'Its name, unique in the fleet.' }),
    region: t.exposeString('region', { description: 'Where it runs.' }),
    datacenter: t.exposeString('datacenter', {
      nullable: true,
      description: 'Where in the region; null where nobody said.',
    }),
    tier: t.expose('tier', { type: NodeTierEnum, description: 'How much it keeps in memory.' }),
    version: t.exposeString('version', { description: 'The version of edgebook that it runs.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    lastHeartbeatAt: t.expose('lastHeartbeatAt', {
      type: 'DateTime',
      description: 'When it last told of itself; it does so every 5 s and is dead after 30 s.',
    }),
    lastSequence: t.expose('lastSequence', {
      type: 'Sequence',
      description: 'The highest event sequence that it has applied.',
    }),
    lagEvents: t.exposeInt('lagEvents', {
      description: 'Published events that it had not applied.',
    }),
    health: t.expose('health', {
      type: CacheHealthRef,
      description: 'Its health as it last told, judged by its silence.',
    }),
  }),
});

builder.queryField('edgeNodes', (t) =>
  t.field({
    type: [EdgeNodeRef],
    description:
      'Every node of the fleet; dead ones for an hour, those that left on purpose not at all.\n\n' +
      'Requires OPERATOR.',
    resolve: (_root, _args, context) => {
      requireRole(context, 'OPERATOR');
      return context.fleet.nodes();
    },
  }),
);
