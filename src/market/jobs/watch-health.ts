import type { Logger, Running } from '../../domain/logger.ts';
import type { HealthStatus } from '../../domain/node-health.ts';
import type { NodeReport } from '../fleet/node-report.ts';
import { repeat } from './repeat.ts';

/** Measures the node's health at an interval and tells the log when it has changed, and why. */
export function startWatchHealth(report: NodeReport, everyMs: number, logger: Logger): Running {
  let last: HealthStatus = 'OK';
  const look = async (): Promise<void> => {
    const { status, checks } = await report.health();
    const ill = checks.filter((check) => check.status !== 'OK');
    if (status === last) return;
    if (status === 'OK') logger.info({}, 'the cache is well again');
    else logger.warn({ status, checks: ill }, 'the cache is not well');
    last = status;
  };
  return repeat('health check', everyMs, look, logger);
}
