import { keepSubscribed, type Kept, type Sink } from './stream.ts';

interface Start {
  readonly __typename: 'StreamStart';
  /** True: nothing was missed or doubled since the position that was asked for. */
  readonly resumed: boolean;
  readonly cursor: string;
}

interface Heartbeat {
  readonly __typename: 'StreamHeartbeat';
}

interface Change {
  readonly __typename: string;
  readonly cursor: string;
}

/** What a resumable stream sends. */
export type StreamItem<T extends Change> = Start | Heartbeat | T;

export interface ChangesOptions<T extends Change> {
  /** Subscribes once: to what came after a position or, with null, to what comes from now on. */
  readonly subscribe: (after: string | null, sink: Sink<StreamItem<T>>) => () => void;
  /** Reads the current state: at the first start, and whenever changes were missed. */
  readonly reload: () => Promise<unknown>;
  readonly apply: (change: T) => void;
  readonly onBreak?: (reason: unknown) => void;
}

/** Applies every change of a resumable stream, over breaks of its connection, until stopped. */
export function followChanges<T extends Change>(options: ChangesOptions<T>): Kept {
  const { subscribe, apply, onBreak } = options;
  /** The newest position that was heard. */
  let cursor: string | null = null;
  /** Until it is done changes may be missing, and no position counts. */
  let reloading: Promise<unknown> | null = null;

  async function settle(reload: Promise<unknown>, end: (reason: unknown) => void): Promise<void> {
    try {
      await reload;
      if (reloading === reload) reloading = null;
    } catch (error) {
      end(error);
    }
  }

  return keepSubscribed<StreamItem<T>>({
    subscribe: (sink) => subscribe(reloading ? null : cursor, sink),
    next: (item, end) => {
      if (isHeartbeat(item)) return;
      if (!isStart(item)) apply(item);
      else if (!item.resumed) {
        reloading = options.reload();
        void settle(reloading, end);
      }
      cursor = item.cursor;
    },
    onBreak,
  });
}

function isStart(item: StreamItem<Change>): item is Start {
  return item.__typename === 'StreamStart';
}

function isHeartbeat(item: StreamItem<Change>): item is Heartbeat {
  return item.__typename === 'StreamHeartbeat';
}
