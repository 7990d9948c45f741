import { CacheEventTypeEnum, CacheNamespaceEnum } from './enums.ts';
import { CacheEventRef } from './refs.ts';

CacheEventRef.implement({
  description: 'A committed change, as every node hears of it.',
  fields: (t) => ({
    eventId: t.id({
      description: 'Unique; an event that arrives twice keeps it.',
      resolve: ({ change }) => change.event.eventId,
    }),
    eventType: t.field({
      type: CacheEventTypeEnum,
      description: 'What kind of change it was.',
      resolve: ({ change }) => change.event.type,
    }),
    resourceId: t.string({
      description: 'What changed: a unit, a market, a provider, or what an operator named.',
      resolve: ({ change }) => change.event.resourceId,
    }),
    data: t.field({
      type: 'JSON',
      description: 'The new values, as docs/events.md has them per event type.',
      resolve: ({ change }) => change.event.data,
    }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When it was committed; for people, never for order.',
      resolve: ({ change }) => change.event.timestamp,
    }),
    sourceNode: t.string({
      description: 'The edge node that made the change.',
      resolve: ({ change }) => change.event.sourceNode,
    }),
    affectedNamespaces: t.field({
      type: [CacheNamespaceEnum],
      description: 'Kinds of cached data that it made old.',
      resolve: ({ change }) => change.event.affectedNamespaces,
    }),
    sequence: t.expose('sequence', {
      type: 'Sequence',
      description: "Its place in its partition's log.",
    }),
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description: 'Position after it, for `after`.',
    }),
  }),
});
