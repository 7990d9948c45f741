/** Where a subscription tells what it hears. */
export interface Sink<Item> {
  readonly next: (item: Item) => void;
  /** It is over: broken off, refused or completed. Only the first call counts. */
  readonly end: (reason?: unknown) => void;
}

/** Subscribes once, and gives what unsubscribes. */
export type Subscribe<Item> = (sink: Sink<Item>) => () => void;

export interface KeepOptions<Item> {
  /** Called for every attempt, so that each can begin where the last one ended. */
  readonly subscribe: Subscribe<Item>;
  /** `end`, or a throw, ends the attempt, and the next one begins. */
  readonly next: (item: Item, end: Sink<Item>['end']) => void;
  /** Why an attempt ended; `stop` here what would fail again, e.g. without a valid token. */
  readonly onBreak?: ((reason: unknown) => void) | undefined;
}

export interface Kept {
  /** Unsubscribes for good. */
  readonly stop: () => void;
}

/** Streams send a heartbeat every 5 s: what has said nothing for three of them is dead. */
const SILENCE_MS = 15_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Stays subscribed until stopped, with growing pauses between attempts that hear nothing. */
export function keepSubscribed<Item>(options: KeepOptions<Item>): Kept {
  let pauseMs = FIRST_PAUSE_MS;
  let timer: Timer | undefined;
  let leave: (() => void) | null = null;

  function begin(): void {
    leave = attempt(options.subscribe, {
      next: (item, end) => {
        options.next(item, end);
        pauseMs = FIRST_PAUSE_MS;
      },
      end: (reason) => {
        // At random, so that the clients of a node that went away do not come back all at once.
        timer = setTimeout(begin, pauseMs * (0.5 + Math.random() / 2));
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        options.onBreak?.(reason);
      },
    });
  }

  begin();
  return {
    stop: () => {
      clearTimeout(timer);
      leave?.();
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;

/** One subscription until it ends, throws, falls silent or is left; then nothing more is heard. */
function attempt<Item>(
  subscribe: Subscribe<Item>,
  { next, end }: Pick<KeepOptions<Item>, 'next'> & Pick<Sink<Item>, 'end'>,
): () => void {
  let isOver = false;
  let unsubscribe: (() => void) | null = null;
  const leave = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(silence);
    unsubscribe?.();
  };
  const finish = (reason?: unknown): void => {
    if (isOver) return;
    leave();
    end(reason);
  };
  const watch = (): Timer =>
    setTimeout(() => finish(new Error('the stream is silent')), SILENCE_MS);
  let silence = watch();
  const hear = (item: Item): void => {
    if (isOver) return;
    clearTimeout(silence);
    silence = watch();
    try {
      next(item, finish);
    } catch (error) {
      finish(error);
    }
  };
  unsubscribe = subscribe({ next: hear, end: finish });
  if (isOver) unsubscribe();
  return leave;
}
