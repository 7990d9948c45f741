import type { Logger, Running } from '../../domain/logger.ts';

/** Runs `work` again `everyMs` after it has ended, until stopped; a failure is logged and not fatal. */
export function repeat(
  name: string,
  everyMs: number,
  work: () => Promise<void>,
  logger: Logger,
): Running {
  let stopped = false;
  let timer: NodeJS.Timeout;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn({ err: error, job: name }, 'a job failed and will run again');
    }
    if (!stopped) timer = setTimeout(tick, everyMs);
  };
  const tick = (): void => {
    running = run();
  };
  timer = setTimeout(tick, everyMs);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
