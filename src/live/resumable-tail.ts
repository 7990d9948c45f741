import { Conflater } from './conflater.ts';
import type { Source } from './emission.ts';
import type { FeedEvent, Hub, Listener } from './hub.ts';
import type { Positions } from './positions.ts';
import { emissionsOf, type LogStream } from './log-stream.ts';
import { heartbeatNow, mergeItems, startAnew, type ItemEmission } from './resumable-items.ts';
import type { StreamItem } from './types.ts';

/** A stream that is quiet this long sends a heartbeat: a client tells silence from death. */
export const HEARTBEAT_MS = 5_000;

/** A loss seldom comes alone (a flushed Redis loses all partitions): one new start tells of them all. */
const SETTLE_MS = 100;

/** Events that may wait for that start. */
const HELD_LIMIT = 1_000;

/** Events were lost, and the client does not know yet. */
interface Loss {
  readonly timer: NodeJS.Timeout;
  /** Behind what was lost: where the new start stands. */
  readonly begin: Positions;
  /** What came since then, and follows on the start. */
  held: FeedEvent[];
}

/** What happens from now on, with heartbeats when quiet, and a start after events were lost. */
export class ResumableTail<T> implements Listener {
  readonly queue: Source<StreamItem<T>>;
  readonly #hub: Hub;
  readonly #stream: LogStream<T>;
  readonly #pace: Conflater<ItemEmission<T>> | null;
  readonly #heartbeat: NodeJS.Timeout | null;
  #loss: Loss | null = null;

  constructor(hub: Hub, stream: LogStream<T>) {
    this.#hub = hub;
    this.#stream = stream;
    const { conflation } = stream;
    const merge = conflation && mergeItems(conflation);
    this.#pace =
      conflation && merge
        ? new Conflater({ ...conflation, merge, send: (item) => this.#push(item) })
        : null;
    this.queue = hub.open<ItemEmission<T>>({
      listener: this,
      ...(merge && { conflate: merge }),
      onClose: () => this.#stop(),
    });
    const beat = (): void => this.#beat();
    this.#heartbeat = this.queue.closed ? null : setInterval(beat, HEARTBEAT_MS).unref();
  }

  onEvent(event: FeedEvent): void {
    if (!this.#loss) return this.#take(event);
    this.#loss.held.push(event);
    if (this.#loss.held.length >= HELD_LIMIT) this.#startAnew(this.#loss);
  }

  onLost(partition: number): void {
    if (!this.#stream.concerns(partition)) return;
    this.#loss ??= this.#beginLoss();
    const { begin, held } = this.#loss;
    const position = this.#hub.positionOf(partition);
    if (position) begin.set(partition, position);
    this.#loss.held = held.filter(({ event }) => event.partition !== partition);
  }

  /** What waits for the client is older than what it will fetch. */
  #beginLoss(): Loss {
    this.queue.clear();
    this.#pace?.clear();
    const begin = this.#hub.positions();
    const timer = setTimeout(() => this.#loss && this.#startAnew(this.#loss), SETTLE_MS).unref();
    return { timer, begin, held: [] };
  }

  #startAnew({ timer, begin, held }: Loss): void {
    clearTimeout(timer);
    this.#loss = null;
    const start = startAnew(this.#hub, begin.now(this.#hub.clock()));
    this.#push(start);
    // With its number and from its position: they follow on it for whoever joined meanwhile, too.
    for (const { event } of held) {
      begin.advance(event.partition, event);
      const position = begin.now(event.event.timestamp, event.sequence);
      this.#take({ event, order: start.order, position });
    }
  }

  #take(event: FeedEvent): void {
    for (const emission of emissionsOf(this.#stream, event)) {
      if (this.#pace && emission.key !== null) this.#pace.offer(emission.key, emission);
      else this.#push(emission);
    }
  }

  #push(emission: ItemEmission<T>): void {
    this.#heartbeat?.refresh();
    this.queue.push(emission, emission.key);
  }

  #beat(): void {
    const beat = heartbeatNow(this.#hub, !this.#pace?.isHolding && !this.#loss);
    this.queue.push(beat, beat.key);
  }

  /** May be called before the constructor has ended, by a feed that is stopped. */
  #stop(): void {
    clearInterval(this.#heartbeat ?? undefined);
    clearTimeout(this.#loss?.timer);
    this.#pace?.stop();
  }
}
