import { isSlug, pairKey, type Pair } from '../domain/catalog.ts';
import { NotFoundError } from '../domain/errors.ts';
import { pairOfUnit } from '../domain/gpu.ts';
import { isUuid } from '../domain/ids.ts';
import { isNodeId } from '../domain/edge-node.ts';
import { isAccountId } from '../domain/viewer.ts';

const isUnitId = (rawId: string): boolean => pairOfUnit(rawId) !== null;

/** The types that `node(id)` knows, each with the shape of its raw ids. */
const RAW_ID_SHAPES = {
  Region: isSlug,
  GpuType: isSlug,
  Gpu: isUnitId,
  Provider: isSlug,
  /** A unit has at most one offer: the offer's raw id is the unit's. */
  Offer: isUnitId,
  Booking: isUuid,
  Order: isUuid,
  Fill: isUuid,
  Quote: isUuid,
  Account: isAccountId,
  EdgeNode: isNodeId,
} as const satisfies Record<string, (rawId: string) => boolean>;

export type NodeType = keyof typeof RAW_ID_SHAPES;

export interface GlobalId {
  readonly type: NodeType;
  readonly rawId: string;
}

/** Longer than any id that we issue: an account's raw id has at most 255 characters of 4 bytes. */
const MAX_LENGTH = 1400;

/** The id of an object all over the API: opaque to clients, unique over all types. */
export function encodeGlobalId(type: NodeType, rawId: string): string {
  return Buffer.from(`${type}:${rawId}`).toString('base64url');
}

/** Names the order book of a pair all over the API. It is no node: a book is asked for by its pair. */
export function bookId(pair: Pair): string {
  return Buffer.from(`OrderBook:${pairKey(pair)}`).toString('base64url');
}

/** What an id names, or null for a text that this API cannot have issued. */
export function parseGlobalId(id: string): GlobalId | null {
  if (id.length > MAX_LENGTH) return null;
  const text = Buffer.from(id, 'base64url').toString();
  const colon = text.indexOf(':');
  const type = text.slice(0, colon);
  const rawId = text.slice(colon + 1);
  if (!isNodeType(type) || !RAW_ID_SHAPES[type](rawId)) return null;
  return encodeGlobalId(type, rawId) === id ? { type, rawId } : null;
}

function isNodeType(type: string): type is NodeType {
  return Object.hasOwn(RAW_ID_SHAPES, type);
}

/** The raw id of an object of this type; null for a bad id and for another type's. */
export function decodeGlobalId(type: NodeType, id: string): string | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.rawId : null;
}

/** Like {@link decodeGlobalId} for a mutation's input: throws NotFoundError naming where the id was. */
export function inputId(type: NodeType, id: string, path: readonly string[]): string {
  const rawId = decodeGlobalId(type, id);
  if (rawId !== null) return rawId;
  throw new NotFoundError(`The ${type === 'Gpu' ? 'GPU' : type.toLowerCase()}`, path);
}
