import type { TrustTier } from '../../../src/domain/catalog.ts';
import type { TimeInForce } from '../../../src/domain/order.ts';

/**
 * What can happen to one book, in the small words of the proofs: prices in cents, times in minutes from
 * the start of the story, units, orders and bookings by their place in the order of their making.
 */
export type Command =
  | ({ readonly kind: 'placeOrder' } & OrderTerms)
  | { readonly kind: 'cancelOrder'; readonly order: number }
  | { readonly kind: 'expireOrder'; readonly order: number }
  | { readonly kind: 'createBooking'; readonly unit: number; readonly period: Minutes }
  | { readonly kind: 'cancelBooking'; readonly booking: number }
  | {
      readonly kind: 'upsertOffer';
      readonly unit: number;
      readonly cents: number;
      readonly active: boolean;
    }
  | { readonly kind: 'setGpuStatus'; readonly unit: number; readonly online: boolean }
  | { readonly kind: 'updatePricing'; readonly cents: number };

/** Half-open, minutes from the start of the story. */
export type Minutes = readonly [start: number, end: number];

export interface OrderTerms {
  readonly account: string;
  readonly quantity: number;
  readonly gpusPerUnit: number | null;
  readonly limitCents: number;
  readonly period: Minutes;
  readonly timeInForce: TimeInForce;
  readonly minTrustTier: TrustTier | null;
}

/** A unit at the start of the story; all of them AVAILABLE, offered and free. */
export interface UnitTerms {
  readonly provider: string;
  readonly gpuCount: number;
  readonly trustTier: TrustTier;
  /** A DYNAMIC offer costs what `updatePricing` says, within half and three times its base. */
  readonly dynamic: boolean;
  readonly cents: number;
  readonly durations: Minutes;
}

/** The base of every DYNAMIC offer, so that the pair's base, and with it every price, is plain. */
export const DYNAMIC_BASE_CENTS = 200;

/** The two providers of every story; they may order too, but not from themselves. */
export const PROVIDERS = ['house', 'rival'] as const;
export const RENTERS = ['ann', 'ben'] as const;
