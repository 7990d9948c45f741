import { BusUnavailableError } from './bus-unavailable-error.ts';

/** Start-up problems must be told within 15 s; this leaves room for the rest. */
const START_TIMEOUT_MS = 5_000;

/** Where the bus hears but is not well (out of memory), a node starts and does without memory. */
const FIRST_BEAT_MS = 1_000;

/** Waits for the subscription, or rejects; then a little for the first heartbeat, or goes on. */
export async function withinStart(
  subscribed: Promise<void>,
  confirmed: Promise<void>,
  timeoutMs = START_TIMEOUT_MS,
): Promise<void> {
  const isUp = await settlesWithin(subscribed, timeoutMs);
  const cause = `Redis acknowledged no subscription in ${timeoutMs} ms.`;
  if (!isUp) throw new BusUnavailableError(new Error(cause));
  await settlesWithin(confirmed, FIRST_BEAT_MS);
}

async function settlesWithin(wanted: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([wanted.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
