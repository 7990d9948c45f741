import { z } from 'zod';
import {
  CACHE_EVENT_TYPES,
  EVENT_PRIORITY,
  type CacheEvent,
  type CacheEventType,
  type JsonObject,
} from '../domain/cache-event.ts';
import { keyText, type CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';

/** Nodes drop what has another number: they cannot know what it makes old. */
export const SCHEMA_VERSION = 1;

/** Longer messages are refused unparsed: an event names at most some hundred keys. */
export const MAX_ENVELOPE_LENGTH = 1_000_000;

const SECOND_MS = 1000;

const NAMESPACES = Object.entries(NAMESPACE_POLICIES) as [
  CacheNamespace,
  (typeof NAMESPACE_POLICIES)[CacheNamespace],
][];
const BY_WIRE_NAME = new Map(NAMESPACES.map(([name, { wireName }]) => [wireName, name]));
const BY_PREFIX = new Map(NAMESPACES.map(([name, { prefix }]) => [prefix, name]));
const BY_WIRE_TYPE = new Map(CACHE_EVENT_TYPES.map((type) => [type.toLowerCase(), type]));

const wireNamespace = z.string().transform((text, context) => {
  const namespace = BY_WIRE_NAME.get(text);
  if (namespace !== undefined) return namespace;
  return refuse(context, 'unknown namespace');
});

const wireType = z.string().transform((text, context): CacheEventType => {
  const type = BY_WIRE_TYPE.get(text);
  if (type !== undefined) return type;
  return refuse(context, 'unknown event type');
});

const wireKey = z
  .object({ key: z.string().max(1024), region: z.string().max(64) })
  .transform(({ key: text, region }, context): CacheKey => {
    const colon = text.indexOf(':');
    const namespace = BY_PREFIX.get(text.slice(0, Math.max(colon, 0)));
    if (namespace === undefined) return refuse(context, 'unknown key prefix');
    return { namespace, key: text.slice(colon + 1), region };
  });

const envelope = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  event_id: z.string().min(1).max(128),
  event_type: wireType,
  resource_id: z.string().max(1024),
  data: z.record(z.string(), z.json()).transform((data) => data as JsonObject),
  timestamp: z.number(),
  source_node: z.string().max(255),
  affected_namespaces: z.array(wireNamespace).max(NAMESPACES.length),
  keys: z.array(wireKey),
  region: z.string().max(64),
  version: z.int().nullable(),
  priority: z.int(),
});

/**
 * The event as it travels: the seven fields of the caching strategy in snake_case, `timestamp` in
 * seconds, types and namespaces in lower case, and what nodes need beyond them. `docs/events.md` is
 * the same in words.
 */
export function encodeEnvelope(event: CacheEvent): string {
  return JSON.stringify({
    schema_version: SCHEMA_VERSION,
    event_id: event.eventId,
    event_type: event.type.toLowerCase(),
    resource_id: event.resourceId,
    data: event.data,
    timestamp: event.timestamp / SECOND_MS,
    source_node: event.sourceNode,
    affected_namespaces: event.affectedNamespaces.map((name) => NAMESPACE_POLICIES[name].wireName),
    keys: event.keys.map((key) => ({
      key: keyText(key),
      region: key.region,
    })),
    region: event.region,
    version: event.version,
    priority: EVENT_PRIORITY[event.type],
  });
}

/** The event in an envelope; null for anything that is not one of this schema version. */
export function decodeEnvelope(text: string): CacheEvent | null {
  if (text.length > MAX_ENVELOPE_LENGTH) return null;
  const parsed = envelope.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const wire = parsed.data;
  return {
    eventId: wire.event_id,
    type: wire.event_type,
    resourceId: wire.resource_id,
    data: wire.data,
    timestamp: Math.round(wire.timestamp * SECOND_MS),
    sourceNode: wire.source_node,
    affectedNamespaces: wire.affected_namespaces,
    keys: wire.keys,
    region: wire.region,
    version: wire.version,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
