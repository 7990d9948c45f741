import { bookFromJson } from '../domain/book-data.ts';
import { pairKey } from '../domain/catalog.ts';
import { BookGroup } from './book-group.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import type { Parts } from './parts.ts';
import type { BookItem, BookStreamOptions } from './types.ts';

/** Streams of order books; those of the same book, depth and interval share a group. */
export function orderBookStreams(hub: Hub): Parts<BookStreamOptions, BookItem> {
  const groups = new Map<string, BookGroup>();
  const decode = decodeOnce((event) =>
    event.type === 'ORDER_BOOK_UPDATED' ? bookFromJson(event.data) : null,
  );
  hub.listen({
    onEvent: ({ event: { event }, position }) => {
      if (groups.size === 0) return;
      const data = decode(event);
      if (!data || data.changes.length === 0) return;
      const key = pairKey(data);
      for (const group of groups.values())
        if (group.pairKey === key) group.offer({ data, position });
    },
    onLost: (partition) => {
      for (const group of groups.values()) if (group.partition === partition) group.reload();
    },
  });

  function groupOf(options: BookStreamOptions): BookGroup {
    const { pair, depth, intervalMs } = options;
    const key = `${pairKey(pair)} ${depth} ${intervalMs}`;
    let group = groups.get(key);
    if (!group) {
      group = new BookGroup({ ...options, hub, onEmpty: () => groups.delete(key) });
      groups.set(key, group);
    }
    return group;
  }
  return {
    opening: (options) => groupOf(options).opening(),
    tail: (options) => groupOf(options).tail(),
  };
}
