import { limitedAs } from './client-address.ts';

/** The ways in whose connections stay open. */
export type Door = 'sse' | 'websocket';

export interface ConnectionCounter {
  /** Counts one in; null when the address has too many. Call the result once when it has gone. */
  enter(door: Door, address: string): (() => void) | null;
}

/** Sockets and streams per address and door; `limit` null = no limit (load tests). */
export function createConnectionCounter(limit: number | null): ConnectionCounter {
  const open = new Map<string, number>();
  return {
    enter: (door, address) => {
      const key = `${door} ${limitedAs(address)}`;
      const count = open.get(key) ?? 0;
      if (limit !== null && count >= limit) return null;
      open.set(key, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const now = (open.get(key) ?? 1) - 1;
        if (now === 0) open.delete(key);
        else open.set(key, now);
      };
    },
  };
}
