import type { Hub } from './hub.ts';
import { missedEmissions, type LogStream } from './log-stream.ts';
import { openingOf, type Parts } from './parts.ts';
import { mergeItems, startAt, startAnew, type ItemEmission } from './resumable-items.ts';
import { ResumableTail } from './resumable-tail.ts';
import { missedSince, readCursor, type Resumption } from './resume.ts';
import type { Resumable, StreamItem } from './types.ts';

/**
 * Streams that begin with a start. It says that nothing was missed when `after` is the position of an
 * earlier stream and the log still has what came since, which then follows.
 */
export function resumableParts<Options extends Resumable, T>(
  hub: Hub,
  streamOf: (options: Options) => LogStream<T>,
): Parts<Options, StreamItem<T>> {
  return {
    opening: (options) => {
      const stream = streamOf(options);
      const { concerns, conflation } = stream;
      const after = typeof options.after === 'string' ? readCursor(options.after) : null;
      return openingOf<StreamItem<T>>(
        hub,
        () => (after ? resume(hub, stream, { after, concerns }) : [startAnew(hub)]),
        conflation && mergeItems(conflation),
      );
    },
    tail: (options) => new ResumableTail(hub, streamOf(options)).queue,
  };
}

/** Until its client has the first change, it is where it was before. */
async function resume<T>(
  hub: Hub,
  stream: LogStream<T>,
  resumption: Resumption,
): Promise<readonly ItemEmission<T>[]> {
  const missed = await missedSince(hub, resumption);
  if (!missed) return [startAnew(hub)];
  const { before, events, position, order } = missed;
  const changes = missedEmissions(stream, events, position);
  return [startAt(changes.length === 0 ? position : before, order, true), ...changes];
}
