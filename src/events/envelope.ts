import {
  CACHE_EVENT_TYPES,
  EVENT_PRIORITY,
  type CacheEvent,
  type CacheEventType,
  type JsonObject,
} from '../domain/cache-event.ts';
import { keyText, type CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';
import type { EpochMs } from '../domain/time.ts';

/** Nodes drop what has another number: they cannot know what it makes old. */
export const SCHEMA_VERSION = 1;

/** Longer messages are refused unparsed: an event names at most some hundred keys. */
export const MAX_ENVELOPE_LENGTH = 1_000_000;

const SECOND_MS = 1000;

const NAMESPACES = Object.entries(NAMESPACE_POLICIES) as [
  CacheNamespace,
  (typeof NAMESPACE_POLICIES)[CacheNamespace],
][];
const BY_WIRE_NAME = new Map<unknown, CacheNamespace>(
  NAMESPACES.map(([name, { wireName }]) => [wireName, name]),
);
const BY_PREFIX = new Map(NAMESPACES.map(([name, { prefix }]) => [prefix, name]));
const BY_WIRE_TYPE = new Map<unknown, CacheEventType>(
  CACHE_EVENT_TYPES.map((type) => [type.toLowerCase(), type]),
);

const MAX_EVENT_ID_LENGTH = 128;
const MAX_NODE_LENGTH = 255;
const MAX_KEY_LENGTH = 1024;
const MAX_REGION_LENGTH = 64;
/** Who walks through `data` calls itself per level; ours has a handful. */
const MAX_DATA_DEPTH = 64;

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

/**
 * The event in an envelope; null for anything that is not one of this schema version. Checked by hand:
 * every node does this for every event, and a schema library took most of that time.
 */
export function decodeEnvelope(text: string): CacheEvent | null {
  if (text.length > MAX_ENVELOPE_LENGTH) return null;
  const wire = parseJson(text);
  return isObject(wire) && wire['schema_version'] === SCHEMA_VERSION ? toEvent(wire) : null;
}

function toEvent(wire: Readonly<Record<string, unknown>>): CacheEvent | null {
  const { event_id: eventId, resource_id: resourceId, source_node: sourceNode, region } = wire;
  const { data, version, priority } = wire;
  if (!isText(eventId, MAX_EVENT_ID_LENGTH) || eventId === '') return null;
  if (!isText(resourceId, MAX_KEY_LENGTH) || !isText(sourceNode, MAX_NODE_LENGTH)) return null;
  if (!isText(region, MAX_REGION_LENGTH) || !isObject(data) || !isJson(data)) return null;
  if ((version !== null && !isInteger(version)) || !isInteger(priority)) return null;
  const type = BY_WIRE_TYPE.get(wire['event_type']);
  const timestamp = toEpochMs(wire['timestamp']);
  const namespaces = listOf(wire['affected_namespaces'], (name) => BY_WIRE_NAME.get(name));
  const keys = listOf(wire['keys'], toKey);
  if (type === undefined || timestamp === null || !namespaces || !keys) return null;
  if (namespaces.length > NAMESPACES.length) return null;
  return {
    eventId,
    type,
    resourceId,
    data,
    timestamp,
    sourceNode,
    affectedNamespaces: namespaces,
    keys,
    region,
    version,
  };
}

function toEpochMs(seconds: unknown): EpochMs | null {
  const ms = typeof seconds === 'number' ? Math.round(seconds * SECOND_MS) : null;
  return isInteger(ms) ? ms : null;
}

function toKey(wire: unknown): CacheKey | undefined {
  if (!isObject(wire)) return undefined;
  const { key: text, region } = wire;
  if (!isText(text, MAX_KEY_LENGTH) || !isText(region, MAX_REGION_LENGTH)) return undefined;
  const colon = text.indexOf(':');
  const namespace = BY_PREFIX.get(text.slice(0, Math.max(colon, 0)));
  return namespace && { namespace, key: text.slice(colon + 1), region };
}

/** Every item as `toItem` reads it; null when it is no list, or one item is refused. */
function listOf<Item>(wire: unknown, toItem: (item: unknown) => Item | undefined): Item[] | null {
  if (!Array.isArray(wire)) return null;
  const items: Item[] = [];
  for (const given of wire) {
    const item = toItem(given);
    if (item === undefined) return null;
    items.push(item);
  }
  return items;
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What `JSON.parse` gave, without what could not be written again (`1e999` is read as Infinity) and
 * without a name that would change an object's prototype when its fields are assigned.
 */
function isJson(value: unknown, depth = 0): value is JsonObject {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === MAX_DATA_DEPTH || Object.hasOwn(value, '__proto__')) return false;
  for (const item of Object.values(value)) if (!isJson(item, depth + 1)) return false;
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
