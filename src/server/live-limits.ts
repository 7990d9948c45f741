import type { Viewer } from '../domain/viewer.ts';
import { limitedAs } from './client-address.ts';
import { tooManyStreams } from './connection-limits.ts';
import type { Metrics } from './metrics.ts';
import type { Caller } from './operation-source.ts';

/** How many of each may be open at once; null = as many as there are (load tests). */
export interface LiveLimitRules {
  /** Sockets, and event streams, of one address. */
  readonly perAddress: number | null;
  /** Sockets, and event streams, of one account, wherever they come from. */
  readonly perAccount: number | null;
  /** Subscriptions of one account, or of one address without one, whatever they travel on. */
  readonly subscriptions: number | null;
}

/** Gives a place back. Idempotent. */
export type Leave = () => void;

export interface LiveLimits {
  /** Counts a WebSocket in, before it is known whose it is; null when its address has too many. */
  openSocket(address: string): Leave | null;
  /** Counts a WebSocket in that has said whose it is; null when that account has too many. */
  identifySocket(viewer: Viewer | null): Leave | null;
  /** Counts a connection of server-sent events in; throws THROTTLED. */
  openStream(caller: Caller): Leave;
  /** Counts a subscription in; null when its account or address has too many. */
  subscribe(caller: Caller): Leave | null;
}

const NOTHING_TO_LEAVE: Leave = () => {};

/** What may be open at once on a node; what is refused is counted. */
export function createLiveLimits(rules: LiveLimitRules, metrics: Metrics): LiveLimits {
  const places = new Map<string, number>();

  function enter(key: string, limit: number | null): Leave | null {
    const count = places.get(key) ?? 0;
    if (limit !== null && count >= limit) return null;
    places.set(key, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (places.get(key) ?? 1) - 1;
      if (now === 0) places.delete(key);
      else places.set(key, now);
    };
  }

  function fromAddress(door: 'sse' | 'websocket', address: string): Leave | null {
    const leave = enter(`${door} address ${limitedAs(address)}`, rules.perAddress);
    if (!leave) metrics.refused(door, 'address');
    return leave;
  }

  function ofAccount(door: 'sse' | 'websocket', viewer: Viewer | null): Leave | null {
    if (!viewer) return NOTHING_TO_LEAVE;
    const leave = enter(`${door} account ${viewer.accountId}`, rules.perAccount);
    if (!leave) metrics.refused(door, 'account');
    return leave;
  }

  return {
    openSocket: (address) => fromAddress('websocket', address),
    identifySocket: (viewer) => ofAccount('websocket', viewer),
    openStream: ({ address, viewer }) => {
      const leaveAddress = fromAddress('sse', address);
      if (!leaveAddress) throw tooManyStreams('address');
      const leaveAccount = ofAccount('sse', viewer);
      if (!leaveAccount) {
        leaveAddress();
        throw tooManyStreams('account');
      }
      return () => {
        leaveAddress();
        leaveAccount();
      };
    },
    subscribe: ({ viewer, address, transport }) => {
      const owner = viewer ? `account ${viewer.accountId}` : `address ${limitedAs(address)}`;
      const leave = enter(`subscription ${owner}`, rules.subscriptions);
      if (!leave) metrics.refused(transport, 'subscriptions');
      return leave;
    },
  };
}
