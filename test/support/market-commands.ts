import type { Pair } from '../../src/domain/catalog.ts';
import { UserError } from '../../src/domain/errors.ts';
import type { Interval } from '../../src/domain/time.ts';
import type * as commands from '../../src/market/command-types.ts';
import { freshKey, inHours, USD } from './market-seed.ts';

/** Complete commands with ordinary values and a fresh key, for tests that care about a few fields. */

export function holdOf(
  gpuId: string,
  change: Partial<commands.HoldGpuCommand> = {},
): commands.HoldGpuCommand {
  return { idempotencyKey: freshKey(), gpuId, period: inHours(4), ttlSeconds: 120, ...change };
}

const NO_SOURCE = { gpuId: null, quoteId: null, holdId: null, period: null };

function bookingFrom(
  change: Partial<commands.CreateBookingCommand>,
): commands.CreateBookingCommand {
  const rest = { maxRateMicros: null, ifVersion: null };
  return { idempotencyKey: freshKey(), ...NO_SOURCE, ...rest, ...change };
}

/** Books a unit directly. */
export function bookingOf(
  gpuId: string,
  period: Interval = inHours(4),
  change: Partial<commands.CreateBookingCommand> = {},
): commands.CreateBookingCommand {
  return bookingFrom({ gpuId, period, ...change });
}

/** Books what a quote promised. */
export function bookingOfQuote(
  quoteId: string,
  change: Partial<commands.CreateBookingCommand> = {},
): commands.CreateBookingCommand {
  return bookingFrom({ quoteId, ...change });
}

/** Confirms a hold. */
export function bookingOfHold(
  holdId: string,
  change: Partial<commands.CreateBookingCommand> = {},
): commands.CreateBookingCommand {
  return bookingFrom({ holdId, ...change });
}

export function cancellationOf(
  bookingId: string,
  change: Partial<commands.CancelBookingCommand> = {},
): commands.CancelBookingCommand {
  return { idempotencyKey: freshKey(), bookingId, reason: null, maxFeeMicros: null, ...change };
}

export function extensionOf(
  bookingId: string,
  newEnd: number,
  change: Partial<commands.ExtendBookingCommand> = {},
): commands.ExtendBookingCommand {
  const rest = { maxRateMicros: null, ifVersion: null };
  return { idempotencyKey: freshKey(), bookingId, newEnd, ...rest, ...change };
}

export function offerOf(
  gpuId: string,
  change: Partial<commands.UpsertOfferCommand> = {},
): commands.UpsertOfferCommand {
  return {
    idempotencyKey: freshKey(),
    gpuId,
    mode: 'FIXED',
    baseMicros: 2n * USD,
    floorMicros: null,
    capMicros: null,
    minDurationMinutes: 60,
    maxDurationMinutes: 43_200,
    status: 'ACTIVE',
    ifVersion: null,
    ...change,
  };
}

/** The refusal that an attempt must end in; anything else fails the test. */
export async function refusalOf<E extends UserError>(
  type: new (...args: never[]) => E,
  attempt: Promise<unknown>,
): Promise<E> {
  const outcome = await attempt.then(
    () => 'a success',
    (error: unknown) => error,
  );
  if (outcome instanceof type) return outcome;
  throw new Error(`expected ${type.name}`, { cause: outcome });
}

/** A success, or the code of the refusal. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'OK';
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

/** Bids 2 USD for one unit of any size in the usual period, and rests. */
export function orderOf(
  pair: Pair,
  change: Partial<commands.PlaceOrderCommand> = {},
): commands.PlaceOrderCommand {
  return {
    idempotencyKey: freshKey(),
    gpuType: pair.gpuType,
    region: pair.region,
    quantity: 1,
    gpusPerUnit: null,
    limitMicros: 2n * USD,
    period: inHours(4),
    timeInForce: 'GTC',
    expiresAt: null,
    minTrustTier: null,
    ...change,
  };
}

export function orderCancellationOf(
  orderId: string,
  change: Partial<commands.CancelOrderCommand> = {},
): commands.CancelOrderCommand {
  return { idempotencyKey: freshKey(), orderId, ...change };
}
