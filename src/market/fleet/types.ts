import type { CacheEventType } from '../../domain/cache-event.ts';
import type { EdgeNode, NodeStats } from '../../domain/edge-node.ts';
import type { LogPosition } from '../../domain/log-position.ts';
import type { NodeHealth } from '../../domain/node-health.ts';
import type { SequencedEvent } from '../../domain/cache-event.ts';
import type { StreamChange } from '../../live/types.ts';

export interface EventLogPage {
  /** 1-100. */
  readonly first: number;
  /** Positions of a cursor; null = the newest events. */
  readonly after: ReadonlyMap<number, LogPosition> | null;
  readonly types: readonly CacheEventType[] | null;
}

/** What an operator may see of the nodes. Roles are checked by the caller. */
export interface Fleet {
  /** This node's health, measured now. */
  health(): Promise<NodeHealth>;
  /** Counters of this node now (null), or of another as it last told; null for an unknown node. */
  stats(
    nodeId: string | null,
  ): Promise<{ readonly nodeId: string; readonly stats: NodeStats } | null>;
  /** Every node that was heard of in the last hour, by id; a node that left on purpose is none. */
  nodes(): Promise<readonly EdgeNode[]>;
  /** Published events of the last 24 h, oldest first; without `after` the newest. */
  eventLog(page: EventLogPage): Promise<readonly Omit<StreamChange<SequencedEvent>, 'kind'>[]>;
}
