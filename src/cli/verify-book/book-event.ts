import { parseDecimal } from '../../domain/money.ts';
import {
  ORDER_SIDES,
  type LevelChange,
  type OrderSide,
  type PriceLevel,
} from '../../domain/order-book.ts';
import { BadMessageError, readCount, readFields, readList, readPattern } from './bad-message.ts';

interface BookPosition {
  readonly sequence: bigint;
  readonly checksum: string;
}

export interface SnapshotEvent extends BookPosition {
  readonly kind: 'snapshot';
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

export interface DeltaEvent extends BookPosition {
  readonly kind: 'delta';
  readonly previousSequence: bigint;
  readonly changes: readonly LevelChange[];
}

export interface HeartbeatEvent extends BookPosition {
  readonly kind: 'heartbeat';
}

/** One message of `orderBookUpdated`, as a stranger reads it. */
export type BookEvent = SnapshotEvent | DeltaEvent | HeartbeatEvent;

/** Levels of one side, or changes, in one message. */
const MAX_LEVELS = 10_000;
const SEQUENCE = /^\d{1,20}$/;
const CHECKSUM = /^[0-9a-f]{8}$/;

/** Reads the value of `orderBookUpdated`; throws {@link BadMessageError} when it is not as the contract says. */
export function readBookEvent(value: unknown): BookEvent {
  const fields = readFields('the event', value);
  const position = {
    sequence: readSequence('sequence', fields['sequence']),
    checksum: readPattern('checksum', fields['checksum'], CHECKSUM),
  };
  switch (fields['__typename']) {
    case 'OrderBookSnapshot': {
      const bids = readList('bids', fields['bids'], MAX_LEVELS).map(readLevel);
      const asks = readList('asks', fields['asks'], MAX_LEVELS).map(readLevel);
      return { kind: 'snapshot', ...position, bids, asks };
    }
    case 'OrderBookDelta': {
      const previousSequence = readSequence('previousSequence', fields['previousSequence']);
      const changes = readList('changes', fields['changes'], MAX_LEVELS).map(readChange);
      return { kind: 'delta', ...position, previousSequence, changes };
    }
    case 'OrderBookHeartbeat':
      return { kind: 'heartbeat', ...position };
    default:
      throw new BadMessageError('__typename is none of an order book event');
  }
}

function readSequence(name: string, value: unknown): bigint {
  return BigInt(readPattern(name, value, SEQUENCE));
}

function readLevel(value: unknown): PriceLevel {
  const fields = readFields('a level', value);
  const { usdPerGpuHour } = fields;
  const rateMicros = typeof usdPerGpuHour === 'string' ? parseDecimal(usdPerGpuHour) : null;
  if (rateMicros === null) throw new BadMessageError('usdPerGpuHour is no decimal');
  const gpuCount = readCount('gpuCount', fields['gpuCount']);
  const orderCount = readCount('orderCount', fields['orderCount']);
  return { rateMicros, gpuCount, orderCount };
}

function readChange(value: unknown): LevelChange {
  const { side } = readFields('a change', value);
  if (!(ORDER_SIDES as readonly unknown[]).includes(side))
    throw new BadMessageError('side is neither BID nor ASK');
  return { side: side as OrderSide, ...readLevel(value) };
}
