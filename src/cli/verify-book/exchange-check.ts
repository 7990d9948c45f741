import { crc32 } from 'node:zlib';
import { plural } from '../output.ts';
import { ExchangeSide, type SentLevel } from './exchange-side.ts';
import { BadMessageError, type Fields } from './bad-message.ts';
import { readExchangeMessage, type ExchangeMessage } from './exchange-message.ts';
import type { FeedCheck } from './feed-check.ts';

const CHECKSUM_DEPTH = 10;

interface ExchangeBook {
  readonly bids: ExchangeSide;
  readonly asks: ExchangeSide;
}

/**
 * Follows recorded books of an exchange: level2 channels send a snapshot per book, then the levels that
 * changed. After every message no book may be crossed. Kraken's messages carry a CRC-32 of the best
 * levels, which must be ours; Coinbase's carry none, but a level that they remove must be there.
 */
export class ExchangeCheck implements FeedCheck {
  readonly #books = new Map<string, ExchangeBook>();
  #snapshots = 0;
  #deltas = 0;
  #changes = 0;
  #checksums = 0;
  #faults = 0;

  get isSound(): boolean {
    return this.#faults === 0 && this.#deltas > 0;
  }

  take(message: Fields): string[] {
    const read = readExchangeMessage(message);
    const faults = read.kind === 'snapshot' ? this.#open(read) : this.#follow(read);
    this.#faults += faults.length;
    return faults.map((fault) => `${read.book}: ${fault}`);
  }

  report(): string[] {
    return [
      `${plural(this.#books.size, 'book')}: ${plural(this.#snapshots, 'snapshot')}, ` +
        `${plural(this.#deltas, 'delta')} with ${plural(this.#changes, 'level change')}`,
      `${plural(this.#checksums, 'checksum')} compared; ${plural(this.#faults, 'break')}`,
    ];
  }

  #open({ book: name, bids, asks }: ExchangeMessage): string[] {
    this.#snapshots += 1;
    const book = { bids: new ExchangeSide('bids'), asks: new ExchangeSide('asks') };
    for (const level of bids) book.bids.set(level);
    for (const level of asks) book.asks.set(level);
    this.#books.set(name, book);
    return crossedFault(book);
  }

  #follow({ book: name, bids, asks, crc32: sent }: ExchangeMessage): string[] {
    const book = this.#books.get(name);
    if (!book) throw new BadMessageError(`${name} has had no snapshot`);
    this.#deltas += 1;
    this.#changes += bids.length + asks.length;
    const missing = [
      ...bids.filter((level) => !book.bids.set(level)),
      ...asks.filter((level) => !book.asks.set(level)),
    ];
    // Kraken removes levels below the depth that was recorded; its checksum says whether all is well.
    const faults = sent === null ? missing.map(({ price }) => `${price} was not there`) : [];
    return [...faults, ...crossedFault(book), ...this.#checksumFault(book, sent)];
  }

  #checksumFault(book: ExchangeBook, sent: number | null): string[] {
    if (sent === null) return [];
    this.#checksums += 1;
    const own = krakenChecksum(book.asks.best(CHECKSUM_DEPTH), book.bids.best(CHECKSUM_DEPTH));
    return own === sent ? [] : [`the checksum is ${sent}, the levels give ${own}`];
  }
}

function crossedFault({ bids, asks }: ExchangeBook): string[] {
  const [bid, ask] = [bids.bestUnits, asks.bestUnits];
  return bid !== null && ask !== null && bid >= ask ? ['the book is crossed'] : [];
}

/**
 * CRC-32 over the best ten asks from low to high and the best ten bids from high to low: price and
 * quantity as they were sent, without the point and leading zeros. Source: Kraken's WebSocket API,
 * "Book checksum".
 */
export function krakenChecksum(asks: readonly SentLevel[], bids: readonly SentLevel[]): number {
  const text = [...asks, ...bids].map(({ price, quantity }) => digits(price) + digits(quantity));
  return crc32(text.join(''));
}

function digits(text: string): string {
  return text.replace('.', '').replace(/^0+/, '');
}
