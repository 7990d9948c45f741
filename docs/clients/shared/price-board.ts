interface Market {
  readonly gpuType: { readonly slug: string };
  readonly region: { readonly code: string };
}

/** A price with the place of what it tells in the log of changes. */
export interface Price extends Market {
  readonly usdPerGpuHour: string;
  readonly sequence: string;
}

/** A price as it is pushed. */
export interface PriceTick extends Price {
  readonly __typename: 'PriceTick';
  readonly cursor: string;
}

/** The newest known price of every market, whether it was read or pushed. */
export class PriceBoard {
  readonly #prices = new Map<string, Price>();

  get({ gpuType, region }: Market): string | undefined {
    return this.#prices.get(`${gpuType.slug}@${region.code}`)?.usdPerGpuHour;
  }

  /** Keeps the newer one: an answer that took long does not overwrite a tick that overtook it. */
  set(price: Price): void {
    const market = `${price.gpuType.slug}@${price.region.code}`;
    const known = this.#prices.get(market);
    if (known && BigInt(known.sequence) > BigInt(price.sequence)) return;
    this.#prices.set(market, price);
  }
}
