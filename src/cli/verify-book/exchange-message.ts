import { BadMessageError, readList, readPattern, type Fields } from './bad-message.ts';
import { toUnits, type SentLevel } from './exchange-side.ts';

/** A line of a recorded exchange feed, of whichever exchange. */
export interface ExchangeMessage {
  readonly kind: 'snapshot' | 'delta';
  /** The exchange's name of the book, e.g. `ETH/CHF`. */
  readonly book: string;
  readonly bids: readonly SentLevel[];
  readonly asks: readonly SentLevel[];
  /** The checksum after the message; null where the exchange sends none. */
  readonly crc32: number | null;
}

const MAX_LEVELS = 100_000;
const NAME = /^[\w/.-]{1,40}$/;
const MAX_CRC = 0xff_ff_ff_ff;

/** Reads a message; throws {@link BadMessageError}: a negative price or quantity is one reason. */
export function readExchangeMessage(fields: Fields): ExchangeMessage {
  const book = readPattern('book', fields['book'], NAME);
  if (fields['kind'] === 'snapshot')
    return { kind: 'snapshot', book, ...readSides(fields), crc32: null };
  if (fields['kind'] !== 'delta') throw new BadMessageError('kind is neither snapshot nor delta');
  if ('changes' in fields) return { kind: 'delta', book, ...readChanges(fields), crc32: null };
  return { kind: 'delta', book, ...readSides(fields), crc32: readCrc(fields['crc32']) };
}

function readSides(fields: Fields): Pick<ExchangeMessage, 'bids' | 'asks'> {
  return {
    bids: readList('bids', fields['bids'], MAX_LEVELS).map(readLevel),
    asks: readList('asks', fields['asks'], MAX_LEVELS).map(readLevel),
  };
}

function readChanges(fields: Fields): Pick<ExchangeMessage, 'bids' | 'asks'> {
  const sides: { readonly bids: SentLevel[]; readonly asks: SentLevel[] } = { bids: [], asks: [] };
  for (const change of readList('changes', fields['changes'], MAX_LEVELS)) {
    const [side, ...level] = readList('a change', change, 3);
    if (side !== 'buy' && side !== 'sell')
      throw new BadMessageError('a side is neither buy nor sell');
    (side === 'buy' ? sides.bids : sides.asks).push(readLevel(level));
  }
  return sides;
}

function readLevel(value: unknown): SentLevel {
  const [price, quantity] = readList('a level', value, 2);
  return { price: readDecimal('a price', price), quantity: readDecimal('a quantity', quantity) };
}

function readDecimal(what: string, value: unknown): string {
  if (typeof value === 'string' && toUnits(value) !== null) return value;
  throw new BadMessageError(`${what} is no decimal of 0 or more`);
}

function readCrc(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_CRC)
    return value;
  throw new BadMessageError('crc32 is missing or no checksum');
}
