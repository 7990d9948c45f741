import {
  CACHE_NAMESPACES,
  NAMESPACE_POLICIES,
  type CacheNamespace,
} from '../../domain/cache-namespace.ts';
import {
  hitRatio,
  totalOf,
  type LayerCounters,
  type NamespaceCounters,
  type NodeStats,
} from '../../domain/edge-node.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { builder } from '../builder.ts';
import { badInput } from '../errors.ts';
import { requireRole } from '../roles.ts';
import { CacheNamespaceEnum } from './enums.ts';

const CacheCountersRef = builder.objectRef<LayerCounters>('CacheCounters').implement({
  description: 'What one layer did since the node started.',
  fields: (t) => ({
    hits: t.field({
      type: 'BigInt',
      description: 'Look-ups that it answered.',
      resolve: ({ hits }) => BigInt(hits),
    }),
    misses: t.field({
      type: 'BigInt',
      description: 'Look-ups that went on to the next layer.',
      resolve: ({ misses }) => BigInt(misses),
    }),
    hitRatio: t.float({
      description: 'Hits among look-ups, 0..1; 0 without any.',
      resolve: hitRatio,
    }),
    entries: t.exposeInt('entries', {
      description: "Values held now; 0 for L2, whose values are Redis's to count.",
    }),
    bytes: t.field({
      type: 'BigInt',
      description: 'Their encoded size; 0 for L2.',
      resolve: ({ bytes }) => BigInt(bytes),
    }),
    evictions: t.field({
      type: 'BigInt',
      description: 'Values dropped for want of room; 0 for L2.',
      resolve: ({ evictions }) => BigInt(evictions),
    }),
    coalesced: t.field({
      type: 'BigInt',
      description: 'Readers that joined a load under way.',
      resolve: ({ coalesced }) => BigInt(coalesced),
    }),
    staleServed: t.field({
      type: 'BigInt',
      description: 'Values served while events could not be heard; never critical ones.',
      resolve: ({ staleServed }) => BigInt(staleServed),
    }),
  }),
});

interface NamedCounters extends NamespaceCounters {
  readonly namespace: CacheNamespace;
}

function named(namespace: CacheNamespace, counters: NamespaceCounters): NamedCounters {
  return { namespace, ...counters };
}

const NamespaceStatsRef = builder.objectRef<NamedCounters>('NamespaceStats').implement({
  description: 'One namespace: its rules and what happened to it.',
  fields: (t) => ({
    namespace: t.expose('namespace', { type: CacheNamespaceEnum, description: 'Which one.' }),
    ttlSeconds: t.int({
      description: 'How long a value lives at most.',
      resolve: ({ namespace }) => NAMESPACE_POLICIES[namespace].ttlMs / SECOND_MS,
    }),
    eventDriven: t.exposeBoolean('eventDriven', {
      description: 'Whether events decide what is old, rather than the TTL alone.',
    }),
    critical: t.boolean({
      description: 'Never served from memory that may have missed an event.',
      resolve: ({ namespace }) => NAMESPACE_POLICIES[namespace].critical,
    }),
    l1: t.expose('l1', { type: CacheCountersRef, description: "The node's memory." }),
    l2: t.expose('l2', { type: CacheCountersRef, description: 'The cache that the nodes share.' }),
    invalidations: t.field({
      type: 'BigInt',
      description: 'Keys that events made old; a whole namespace counts once.',
      resolve: ({ invalidations }) => BigInt(invalidations),
    }),
  }),
});

interface StatsOfNode {
  readonly nodeId: string;
  readonly stats: NodeStats;
}

const CacheStatsRef = builder.objectRef<StatsOfNode>('CacheStats').implement({
  description: "One node's counters since it started.",
  fields: (t) => ({
    nodeId: t.exposeString('nodeId', { description: 'The node that counted.' }),
    since: t.field({
      type: 'DateTime',
      description: 'When it started.',
      resolve: ({ stats }) => stats.since,
    }),
    l1: t.field({
      type: CacheCountersRef,
      description: 'Its memory, over all namespaces.',
      resolve: ({ stats }) => totalOf(stats, 'l1'),
    }),
    l2: t.field({
      type: CacheCountersRef,
      description: 'The cache that the nodes share, as this node used it.',
      resolve: ({ stats }) => totalOf(stats, 'l2'),
    }),
    namespaces: t.field({
      type: [NamespaceStatsRef],
      description: 'The same by namespace.',
      resolve: ({ stats }) =>
        CACHE_NAMESPACES.map((namespace) => named(namespace, stats.namespaces[namespace])),
    }),
    eventsProcessed: t.field({
      type: 'BigInt',
      description: 'Events that it applied.',
      resolve: ({ stats }) => BigInt(stats.eventsProcessed),
    }),
    eventsDeduplicated: t.field({
      type: 'BigInt',
      description: 'Events that came once more.',
      resolve: ({ stats }) => BigInt(stats.eventsDeduplicated),
    }),
    eventGaps: t.field({
      type: 'BigInt',
      description: 'Times that it noticed that events were missed.',
      resolve: ({ stats }) => BigInt(stats.eventGaps),
    }),
    redisMemoryUsedMb: t.float({
      nullable: true,
      description: 'Memory that Redis uses; null without Redis or its answer.',
      resolve: ({ stats }) => stats.redisMemoryUsedMb,
    }),
    propagationP50Ms: t.float({
      nullable: true,
      description: 'Median from commit to arrival of the newest events; null before the first.',
      resolve: ({ stats }) => stats.propagationP50Ms,
    }),
    propagationP99Ms: t.float({
      nullable: true,
      description: 'The same, 99th percentile.',
      resolve: ({ stats }) => stats.propagationP99Ms,
    }),
    subscribers: t.int({
      description: 'Live streams that are open at it.',
      resolve: ({ stats }) => stats.subscribers,
    }),
  }),
});

builder.queryField('cacheStats', (t) =>
  t.field({
    type: CacheStatsRef,
    description:
      'Counters of the node that answers, or of another as it last told.\n\nRequires OPERATOR.',
    args: {
      nodeId: t.arg.string({
        description: 'A node of `edgeNodes`; absent = the one that answers.',
      }),
    },
    resolve: async (_root, { nodeId }, context) => {
      requireRole(context, 'OPERATOR');
      const stats = await context.fleet.stats(nodeId ?? null);
      if (!stats) throw badInput('nodeId', '`nodeId` must name a node of `edgeNodes`.');
      return stats;
    },
  }),
);
