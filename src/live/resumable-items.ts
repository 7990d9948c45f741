import type { Conflate } from './bounded-queue.ts';
import { changeAt, type Emission } from './emission.ts';
import type { Hub } from './hub.ts';
import type { Conflation } from './log-stream.ts';
import type { StreamItem, StreamPosition } from './types.ts';

/** An item of a resumable stream on its way. */
export type ItemEmission<T> = Emission<StreamItem<T>>;

/** The start of a stream whose client has everything up to a position, or must fetch it. */
export function startAt(
  position: StreamPosition,
  order: number,
  resumed: boolean,
): ItemEmission<never> {
  const { sequence, at } = position;
  const item = {
    kind: 'start',
    resumed,
    sequence,
    at,
    get cursor() {
      return position.cursor;
    },
  } as const;
  return { item, order, key: null, position };
}

/** Says that something before the position, by default the present one, may be missing. */
export function startAnew(hub: Hub, position = hub.position()): ItemEmission<never> {
  return startAt(position, hub.next(), false);
}

/** `position`: null where the client does not have everything up to now. */
export function heartbeatNow(hub: Hub, hasAll: boolean): ItemEmission<never> {
  const position = hub.position();
  const { sequence, at } = position;
  return {
    item: { kind: 'heartbeat', sequence, at },
    order: hub.next(),
    key: 'heartbeat',
    position: hasAll ? position : null,
  };
}

/** What is left of two items of one key: of two changes the merged one, of two heartbeats the newer. */
export function mergeItems<T>({ merge }: Conflation<T>): Conflate<ItemEmission<T>> {
  return (older, newer) => {
    const { position } = newer;
    if (older.item.kind !== 'change' || newer.item.kind !== 'change' || !position) return newer;
    return { ...newer, item: changeAt(position, merge(older.item.change, newer.item.change)) };
  };
}
