import type { Metrics } from '../metrics.ts';

export interface LiveReads {
  readonly groups: () => number;
  readonly waitingResults: () => number;
  readonly waitingBytes: () => number;
}

/** Shows how the live subscriptions of a node are doing, read when somebody looks. */
export function gaugeLive(metrics: Metrics, reads: LiveReads): void {
  const { groups, waitingResults, waitingBytes } = reads;
  metrics.gauge('live_groups', 'Groups of equal live subscriptions now.', groups);
  metrics.gauge('live_waiting_results', 'Results that wait for slow clients now.', waitingResults);
  metrics.gauge('live_waiting_bytes', 'Bytes that wait for live clients to read.', waitingBytes);
}
