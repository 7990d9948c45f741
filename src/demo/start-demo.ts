import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../domain/errors.ts';
import type { Logger, Running } from '../domain/logger.ts';
import type { Market } from '../market/types.ts';
import { DemoActor } from './actor.ts';
import { createRandom } from './random.ts';

export interface DemoOptions {
  readonly market: Market;
  readonly logger: Logger;
  /** Names this run in idempotency keys: unique per process. */
  readonly nodeId: string;
  /** The mean time between two actions. */
  readonly everyMs?: number;
  readonly seed?: number;
}

const DEFAULT_EVERY_MS = 1200;
const DEFAULT_SEED = 20_260_723;

/**
 * Keeps the demo catalogue gently moving, one action at a time: bookings of the next minutes,
 * cancellations, price moves, units into maintenance and back, limit orders. It acts through the market's commands
 * as any client would, on every third unit of the demo's providers only (number divisible by 3); the
 * others are the developer's to book. What it makes is bounded (`actor.ts`), its errors are logged
 * and survived.
 */
export function startDemo(options: DemoOptions): Running {
  const { logger, everyMs = DEFAULT_EVERY_MS, seed = DEFAULT_SEED } = options;
  const random = createRandom(seed);
  const actor = new DemoActor(options.market, random, options.nodeId);
  const stopping = new AbortController();
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = everyMs * (0.5 + random.next());
      await sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
      if (!stopping.signal.aborted) await actor.act().catch(report);
    }
  }

  function report(error: unknown): void {
    if (error instanceof UserError) logger.debug({ code: error.code }, 'demo market: refused');
    else logger.warn({ err: error }, 'demo market: an action failed; it goes on');
  }

  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
