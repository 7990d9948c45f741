import type { Running } from '../domain/logger.ts';
import { inTime } from './in-time.ts';

/** How often the database is asked, and how long it may take to answer. */
const CHECK_INTERVAL_MS = 2_000;
const CHECK_TIMEOUT_MS = 2_000;

export interface Readiness extends Running {
  /** Why no traffic should come now; null = ready. */
  reason(): string | null;
  /** The start is complete. */
  started(): void;
  draining(): void;
}

/** Whether the node may take traffic: it has started, is not leaving, and its database answers. */
export function startReadiness(pingDatabase: () => Promise<unknown>): Readiness {
  let phase: 'starting' | 'ready' | 'draining' = 'starting';
  let databaseAnswers = true;
  let stopped = false;
  let timer: NodeJS.Timeout;

  async function check(): Promise<void> {
    const ping = pingDatabase().then(() => true);
    databaseAnswers = await inTime(ping, CHECK_TIMEOUT_MS, false);
    if (!stopped) timer = setTimeout(() => void check(), CHECK_INTERVAL_MS).unref();
  }
  void check();

  return {
    reason: () => {
      if (phase !== 'ready') return phase;
      return databaseAnswers ? null : 'no database';
    },
    started: () => {
      if (phase === 'starting') phase = 'ready';
    },
    draining: () => {
      phase = 'draining';
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return Promise.resolve();
    },
  };
}
