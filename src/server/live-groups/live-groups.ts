import type { LiveFeed, OnItem } from '../../live/types.ts';
import type { CoalescingWindows } from '../../domain/live-stream.ts';
import { tooManySubscriptions } from '../connection-limits.ts';
import type { LiveLimits } from '../live-limits.ts';
import type { MaskError } from '../masking.ts';
import type { Metrics } from '../metrics.ts';
import type { Engine } from '../yoga.ts';
import { gaugeLive } from './live-gauges.ts';
import { LiveGroup } from './live-group.ts';
import type { LiveOperation } from './live-operation.ts';
import { Member, type Opening } from './member.ts';
import type { Outlet } from './outlet.ts';
import { isRefusal, runPart } from './run-part.ts';
import { SharedResult } from './shared-result.ts';

export interface LiveGroupsOptions {
  readonly engine: Engine;
  /** Whose numbers say what an opening holds. */
  readonly feed: Pick<LiveFeed, 'join'>;
  readonly limits: LiveLimits;
  readonly coalescing: CoalescingWindows;
  readonly mask: MaskError;
  readonly metrics: Metrics;
}

export interface LiveGroups {
  /**
   * Subscribes a client. The outlet is told all that follows, a refusal included. The result takes
   * the client out, who is told nothing any more.
   */
  subscribe(operation: LiveOperation, outlet: Outlet): () => void;
  /** Ends every stream; a new one ends after its opening. */
  stop(): void;
}

/** All subscriptions of a node, grouped by what they are equal in. */
export function createLiveGroups(options: LiveGroupsOptions): LiveGroups {
  const { engine, feed, limits, mask, metrics } = options;
  const coalescing: Readonly<Partial<Record<string, number>>> = options.coalescing;
  const groups = new Map<string, LiveGroup>();
  let stopped = false;
  gaugeLive(metrics, {
    groups: () => groups.size,
    waitingResults: () => sumOf(members().map(({ waiting }) => waiting)),
    waitingBytes: () =>
      sumOf([...new Set(members().map(({ pressure }) => pressure))].map(({ bytes }) => bytes)),
  });

  function members(): Member[] {
    return [...groups.values()].flatMap((group) => Array.from(group.members));
  }

  function groupOf(operation: LiveOperation): LiveGroup {
    const { key, stream, isPublic, source, endsAt } = operation;
    const known = groups.get(key);
    if (known) return known;
    // Nothing of the first member may show in what all are sent.
    const viewer = isPublic ? null : source.viewer;
    const shared = { ...source, viewer, accounted: false };
    const document = operation.tailDocument();
    const group: LiveGroup = new LiveGroup({
      run: (onItem) => {
        const partOf = (whole: LiveFeed): LiveFeed => whole.tail(onItem);
        return runPart(engine, operation, document, { ...shared, partOf });
      },
      endsAt,
      windowMs: coalescing[stream ?? ''] ?? 0,
      onResult: () => metrics.liveResult(),
      onConflated: () => metrics.conflated(),
      onOver: () => {
        if (groups.get(key) === group) groups.delete(key);
      },
    });
    groups.set(key, group);
    return group;
  }

  async function open(
    operation: LiveOperation,
    group: LiveGroup,
    onItem: OnItem,
    again: boolean,
  ): Promise<Opening> {
    // Listening first, then the number: what happens in between is in both and sent once.
    const { refusal } = await group.started;
    const at = feed.join();
    const partOf = (whole: LiveFeed): LiveFeed => whole.opening(at, onItem);
    const source = { ...operation.source, partOf, accounted: !again };
    const results = await runPart(engine, operation, operation.openingDocument, source);
    if (isRefusal(results)) return { refusal: results };
    if (!refusal) return { at, results };
    void results.return?.().catch(() => {});
    return { refusal };
  }

  return {
    subscribe: (operation, outlet) => {
      const leave = limits.subscribe(operation.source);
      if (!leave) return refuse(outlet);
      const group = groupOf(operation);
      const member: Member = new Member({
        outlet,
        mask,
        metrics,
        restarts: operation.restarts,
        open: (onItem, again) => open(operation, group, onItem, again),
        onOver: () => {
          leave();
          group.remove(member);
        },
      });
      group.add(member);
      if (stopped) group.end(null);
      void member.open();
      return () => member.close();
    },
    stop: () => {
      stopped = true;
      for (const group of groups.values()) group.end(null);
    },
  };
}

/** The connection stays: it may carry other streams. */
function refuse(outlet: Outlet): () => void {
  outlet.next(new SharedResult({ errors: [tooManySubscriptions()] }));
  outlet.complete();
  return () => {};
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
