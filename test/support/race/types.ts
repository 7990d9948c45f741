/** Which cache a race is run against. */
export const RACE_ARMS = ['edgebook', 'naive'] as const;
export type RaceArm = (typeof RACE_ARMS)[number];

/** One price that everybody reads and writes, named by its pair: `<gpuType>@<region>`. */
export type RaceKey = string;

/** What a node under race is asked to do. */
export interface NodeLoad {
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
}

/** How a race node is started: everything a process needs to know. */
export interface RaceNodeSettings extends NodeLoad {
  readonly arm: RaceArm;
  readonly nodeId: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A write that was answered: nobody may read anything older from `ackedAtMs` plus the grace on. */
export interface Commit {
  readonly key: RaceKey;
  readonly version: number;
  /** Wall clock; all processes are on one machine. */
  readonly ackedAtMs: number;
}

export type ToNode =
  | { readonly kind: 'committed'; readonly commit: Commit }
  /** No more load; answer with a `report` when the events of all commits were heard, or after 10 s. */
  | { readonly kind: 'finish' };

export type FromNode =
  | { readonly kind: 'ready' }
  | { readonly kind: 'committed'; readonly commit: Commit }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'report'; readonly report: NodeReport };

/** What a node has found so far; of a killed node it is all that is known. */
export interface Progress {
  readonly reads: number;
  readonly writes: number;
  readonly failedReads: number;
  readonly failedWrites: number;
  /** Reads that were older than something this node had applied, acknowledged or answered. */
  readonly staleHere: number;
  /** Reads that were older than a write acknowledged anywhere longer ago than the grace. */
  readonly staleAnywhere: number;
}

/** What one node found. */
export interface NodeReport extends Progress {
  /** Commits whose event never came. */
  readonly lostEvents: number;
  /** Keys whose last answer differs from the database. */
  readonly diverged: number;
  /** From the commit to its application on this node, ms. */
  readonly lagsMs: readonly number[];
  /** The first few stale reads in words. */
  readonly examples: readonly string[];
}
