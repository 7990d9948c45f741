import { InvalidInputError } from '../domain/errors.ts';
import type { BoundedQueue, QueueOptions } from './bounded-queue.ts';
import { decodeCursor } from './cursor.ts';
import type { FeedEvent, Hub } from './hub.ts';
import type { StreamChange, StreamItem } from './types.ts';

/** A stream that is quiet this long sends a heartbeat: a client tells silence from death. */
export const HEARTBEAT_MS = 5_000;

/** Hands a change to the client; of two waiting ones with the same key the newer survives. */
export type Push<T> = (change: StreamChange<T>, key?: string) => void;

export interface ResumableOptions<T> extends Omit<QueueOptions<StreamItem<T>>, 'limit'> {
  readonly after: string | null | undefined;
  readonly listen: (push: Push<T>) => (event: FeedEvent) => void;
}

/**
 * A stream that begins with a start and sends heartbeats when quiet. Nothing is replayed yet, so the
 * start always says `resumed: false` and the client refetches; `after` must be a cursor all the same.
 */
export function resumableStream<T>(
  hub: Hub,
  options: ResumableOptions<T>,
): BoundedQueue<StreamItem<T>> {
  assertCursor(options.after);
  let heartbeat: NodeJS.Timeout | null = null;
  const queue = hub.open<StreamItem<T>>(
    (target) =>
      options.listen((change, key) => {
        heartbeat?.refresh();
        target.push(change, key);
      }),
    {
      ...options,
      onClose: () => {
        if (heartbeat) clearInterval(heartbeat);
        options.onClose?.();
      },
    },
  );
  queue.push({ kind: 'start', resumed: false, ...hub.position() });
  if (!queue.closed) heartbeat = startHeartbeat(hub, queue);
  return queue;
}

function startHeartbeat<T>(hub: Hub, queue: BoundedQueue<StreamItem<T>>): NodeJS.Timeout {
  return setInterval(() => {
    const { sequence, at } = hub.position();
    queue.push({ kind: 'heartbeat', sequence, at }, 'heartbeat');
  }, HEARTBEAT_MS).unref();
}

function assertCursor(after: string | null | undefined): void {
  if (after === null || after === undefined || decodeCursor(after)) return;
  throw new InvalidInputError(
    '`after` must be a cursor that this API has sent; leave it out to start with the next change.',
    ['after'],
    'a cursor of this API',
  );
}
