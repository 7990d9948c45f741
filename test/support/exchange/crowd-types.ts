/** How a process of the crowd is started. */
export interface CrowdSettings {
  readonly nodeId: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Regions whose books everybody fights for. */
  readonly regions: readonly string[];
  readonly unitsPerBook: number;
  /** Commands under way at once. */
  readonly atOnce: number;
}

/** What one process did, or all of them together. */
export interface CrowdReport {
  /** Answers by command and code: `placeOrder OK`. */
  readonly answers: Readonly<Record<string, number>>;
  /** Whatever no client may see: deadlocks, broken constraints, bugs. In words, the first few. */
  readonly failures: readonly string[];
}

export type ToCrowd = { readonly kind: 'finish' } | { readonly kind: 'stop' };

export type FromCrowd =
  | { readonly kind: 'ready' }
  | { readonly kind: 'report'; readonly report: CrowdReport };
