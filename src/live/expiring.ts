import { CursorExpiredError, TokenExpiredError } from '../domain/errors.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Emission, Source } from './emission.ts';
import type { Hub } from './hub.ts';
import { emissionsOf, missedEmissions, type LogStream } from './log-stream.ts';
import { openingOf, type Parts } from './parts.ts';
import { isExpired, missedSince, readCursor, type Resumption } from './resume.ts';
import type { Resumable, StreamChange } from './types.ts';

/** The longest delay that a timer can hold (2^31 - 1 ms, about 25 days). */
const MAX_TIMER_MS = 2_147_483_647;

interface ExpiringOptions extends Resumable {
  /** When the token that opened the stream expires. */
  readonly endsAt: EpochMs;
}

/**
 * Private streams: they end with {@link TokenExpiredError} when the token that opened them expires. They
 * have no start that could tell of a loss, so they end with {@link CursorExpiredError} where one that
 * has would say so.
 */
export function expiringParts<Options extends ExpiringOptions, T>(
  hub: Hub,
  streamOf: (options: Options) => LogStream<T>,
): Parts<Options, StreamChange<T>> {
  return {
    opening: (options) => {
      if (typeof options.after !== 'string') return openingOf<StreamChange<T>>(hub, () => []);
      const stream = streamOf(options);
      const resumption = { after: readCursor(options.after), concerns: stream.concerns };
      if (isExpired(hub, resumption)) throw new CursorExpiredError();
      return openingOf(hub, () => resume(hub, stream, resumption));
    },
    tail: (options) => expiringTail(hub, streamOf(options), options.endsAt),
  };
}

async function resume<T>(
  hub: Hub,
  stream: LogStream<T>,
  resumption: Resumption,
): Promise<readonly Emission<StreamChange<T>>[]> {
  const missed = await missedSince(hub, resumption);
  if (!missed) throw new CursorExpiredError();
  return missedEmissions(stream, missed.events, missed.position);
}

function expiringTail<T>(hub: Hub, stream: LogStream<T>, endsAt: EpochMs): Source<StreamChange<T>> {
  let timer: NodeJS.Timeout | null = null;
  const queue: Source<StreamChange<T>> = hub.open<Emission<StreamChange<T>>>({
    listener: {
      onEvent: (event) => {
        for (const emission of emissionsOf(stream, event)) queue.push(emission);
      },
      onLost: (partition) => {
        if (stream.concerns(partition)) queue.end(new CursorExpiredError());
      },
    },
    onClose: () => clearTimeout(timer ?? undefined),
  });

  function watch(): void {
    const leftMs = endsAt - hub.clock();
    if (leftMs <= 0) queue.end(new TokenExpiredError());
    else timer = setTimeout(watch, Math.min(leftMs, MAX_TIMER_MS)).unref();
  }
  if (!queue.closed) watch();
  return queue;
}
