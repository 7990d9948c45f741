/** A price or quantity as it was sent: exchanges compute checksums over these very digits. */
export interface SentLevel {
  readonly price: string;
  readonly quantity: string;
}

/** What a decimal may have: more digits than any exchange sends. */
const FRACTION_DIGITS = 20;
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** A non-negative decimal in units of the last of 20 digits; null for anything else. */
export function toUnits(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole + fraction.padEnd(FRACTION_DIGITS, '0'));
}

/** One side of an exchange's book, best level first. `0.10` and `0.1` are one price. */
export class ExchangeSide {
  readonly #sign: 1 | -1;
  readonly #levels = new Map<bigint, SentLevel>();

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? -1 : 1;
  }

  /** The level now at its price; quantity 0 removes it. False when there was nothing to remove. */
  set(level: SentLevel): boolean {
    const price = toUnits(level.price) ?? 0n;
    if (toUnits(level.quantity) === 0n) return this.#levels.delete(price);
    this.#levels.set(price, level);
    return true;
  }

  get bestUnits(): bigint | null {
    return this.#prices()[0] ?? null;
  }

  best(count: number): SentLevel[] {
    return this.#prices()
      .slice(0, count)
      .flatMap((price) => this.#levels.get(price) ?? []);
  }

  #prices(): bigint[] {
    return [...this.#levels.keys()].toSorted((a, b) => (a < b ? -this.#sign : this.#sign));
  }
}
