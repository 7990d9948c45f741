import type { SequencedEvent } from '../../domain/cache-event.ts';
import type { StreamChange } from '../../live/types.ts';
import { builder } from '../builder.ts';
import { invalidatedKeys, invalidatedNodeIds } from '../invalidation.ts';
import { atMost100 } from '../paging.ts';
import { CacheEventTypeEnum, CacheNamespaceEnum } from './enums.ts';
import {
  AFTER,
  AT,
  CURSOR,
  itemType,
  SEQUENCE,
  StreamHeartbeatRef,
  StreamStartRef,
} from './stream.ts';

const InvalidationRef = builder.objectRef<StreamChange<SequencedEvent>>('Invalidation').implement({
  description: 'What a browser cache needs: which normalised objects to drop or refetch.',
  fields: (t) => ({
    eventId: t.id({
      description: 'Unique id of the change.',
      resolve: ({ change }) => change.event.eventId,
    }),
    eventType: t.field({
      type: CacheEventTypeEnum,
      description: 'What kind of change it was.',
      resolve: ({ change }) => change.event.type,
    }),
    namespaces: t.field({
      type: [CacheNamespaceEnum],
      description: 'Kinds of cached data that it made old; with no keys, all of each.',
      resolve: ({ change }) => change.event.affectedNamespaces,
    }),
    nodeIds: t.idList({
      description: 'Ids of public objects that are old now: units, offers, providers.',
      resolve: ({ change }) => invalidatedNodeIds(change.event),
    }),
    keys: t.stringList({
      description: 'What servers drop, e.g. gpu_avail:gpu:us-east-1/h100-sxm/0042.',
      resolve: ({ change }) => invalidatedKeys(change.event),
    }),
    sequence: t.expose('sequence', { type: 'Sequence', description: SEQUENCE }),
    cursor: t.expose('cursor', { type: 'EventCursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: AT }),
  }),
});

const InvalidationStreamEvent = builder.unionType('InvalidationStreamEvent', {
  description: 'An item of the stream of invalidations.',
  types: [StreamStartRef, InvalidationRef, StreamHeartbeatRef],
  resolveType: itemType('Invalidation'),
});

builder.subscriptionField('cacheInvalidated', (t) =>
  t.field({
    type: InvalidationStreamEvent,
    description: 'For client caches: what to evict. Contains no private data.',
    args: {
      namespaces: t.arg({
        type: [CacheNamespaceEnum],
        description: 'Only changes that touch these namespaces.',
      }),
      gpuTypes: t.arg.stringList({ description: 'Slugs of the only models wanted, at most 100.' }),
      regions: t.arg.stringList({ description: 'Codes of the only regions wanted, at most 100.' }),
      after: t.arg({ type: 'EventCursor', description: AFTER }),
    },
    subscribe: (_root, { namespaces, gpuTypes, regions, after }, { live }) =>
      live.invalidations({
        namespaces: atMost100('namespaces', namespaces) ?? null,
        gpuTypes: atMost100('gpuTypes', gpuTypes) ?? null,
        regions: atMost100('regions', regions) ?? null,
        after: after ?? null,
      }),
    resolve: (item) => item,
  }),
);
