import type { TieredCache } from '../cache/types.ts';
import { cancellationTerms, type Booking } from '../domain/booking.ts';
import { NotFoundError, UserError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Viewer } from '../domain/viewer.ts';
import { findAlternatives } from '../store/alternatives-store.ts';
import { findBooking } from '../store/booking-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { databaseNow } from '../store/locks.ts';
import { createAccounts } from './accounts.ts';
import { visibleBooking, visibleBookings } from './bookings.ts';
import { cancelBooking } from './commands/cancel-booking.ts';
import { createBooking } from './commands/create-booking.ts';
import { extendBooking } from './commands/extend-booking.ts';
import { holdGpu } from './commands/hold-gpu.ts';
import { invalidateCache } from './commands/invalidate-cache.ts';
import { quote } from './commands/quote.ts';
import { setGpuStatus } from './commands/set-gpu-status.ts';
import { setProviderStatus } from './commands/set-provider-status.ts';
import { updatePricing } from './commands/update-pricing.ts';
import { upsertOffer } from './commands/upsert-offer.ts';
import { createOrders } from './create-orders.ts';
import type { Checker } from './jobs/checker.ts';
import type { Relay } from './jobs/relay.ts';
import { createReads } from './reads.ts';
import type { Market } from './types.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface MarketDeps {
  readonly db: Db;
  readonly cache: TieredCache;
  readonly relay: Relay;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
  /** Told of every attempt to book or hold: `created`, `replayed` or the refusal's code in lower case. */
  readonly onBooking: (result: string) => void;
  /** Told of every attempt to place an order: its status, `replayed` or the refusal's code. */
  readonly onOrder?: (result: string) => void;
  /** Compares some cached answers with the database. */
  readonly checker?: Checker;
}

/** Puts the use cases together. */
export function createMarket(deps: MarketDeps): Market {
  const { db, unitOfWork } = deps;
  const accounts = createAccounts(db);

  async function bookingNow(id: string): Promise<Booking> {
    const booking = await orUnavailable(() => findBooking(db, id));
    if (!booking) throw new NotFoundError('The booking');
    return booking;
  }

  async function counted<T extends { readonly replayed: boolean }>(
    attempt: () => Promise<T>,
  ): Promise<T> {
    try {
      const outcome = await attempt();
      deps.onBooking(outcome.replayed ? 'replayed' : 'created');
      return outcome;
    } catch (error) {
      deps.onBooking(error instanceof UserError ? error.code.toLowerCase() : 'failed');
      throw error;
    }
  }

  const signedIn = async <T>(viewer: Viewer, work: () => Promise<T>): Promise<T> => {
    await accounts.ensure(viewer);
    return work();
  };

  return {
    reads: createReads(deps.cache, db, deps.checker ?? null),
    quote: (viewer, gpuId, period) => quote(db, viewer, gpuId, period),
    holdGpu: (viewer, command) =>
      signedIn(viewer, async () => {
        const { answer, replayed } = await counted(() => holdGpu(unitOfWork, viewer, command));
        return { booking: await bookingNow(answer.bookingId), replayed };
      }),
    createBooking: (viewer, command) =>
      signedIn(viewer, async () => {
        const { answer, booked, replayed } = await counted(() =>
          createBooking(unitOfWork, viewer, command),
        );
        return { booking: booked ?? (await bookingNow(answer.bookingId)), replayed };
      }),
    cancelBooking: async (viewer, command) => {
      const { answer, replayed } = await cancelBooking(unitOfWork, viewer, command);
      const amounts = {
        feeMicros: BigInt(answer.feeMicros),
        refundMicros: BigInt(answer.refundMicros),
      };
      return { booking: await bookingNow(answer.bookingId), ...amounts, replayed };
    },
    extendBooking: async (viewer, command) => {
      const { answer, replayed } = await extendBooking(unitOfWork, viewer, command);
      const additionalMicros = BigInt(answer.additionalMicros);
      return { booking: await bookingNow(answer.bookingId), additionalMicros, replayed };
    },
    ...createOrders({ db, unitOfWork, accounts, onOrder: deps.onOrder ?? (() => {}) }),
    upsertOffer: async (viewer, command) => {
      const { answer, replayed } = await upsertOffer(unitOfWork, viewer, command);
      return { gpuId: answer.gpuId, replayed };
    },
    setGpuStatus: (viewer, command) => setGpuStatus(unitOfWork, viewer, command),
    setProviderStatus: (viewer, command) => setProviderStatus(deps, viewer, command),
    updatePricing: (viewer, command) => updatePricing(unitOfWork, viewer, command),
    invalidateCache: (viewer, command) => invalidateCache(deps, viewer, command),
    booking: (viewer, id) => visibleBooking(db, viewer, id),
    bookings: (viewer, page) => visibleBookings(db, viewer, page),
    cancellationTerms: async (booking) =>
      cancellationTerms(booking, await orUnavailable(() => databaseNow(db))),
    alternatives: ({ gpuId, period }, first) =>
      orUnavailable(() => findAlternatives(db, gpuId, period, first)),
    account: (viewer) => accounts.ensure(viewer),
    accounts: (ids) => accounts.byIds(ids),
  };
}
