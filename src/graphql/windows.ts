import { DAY_MS, HORIZON_MS, type Interval } from '../domain/time.ts';
import { badInput } from './errors.ts';

/** Checks a window that a read is asked for: it must have a length, of at most 90 days. */
export function checkedWindow(argument: string, window: Interval): Interval {
  if (window.start >= window.end) {
    throw badInput(argument, `\`${argument}\` must end after it starts.`);
  }
  if (window.end - window.start > HORIZON_MS) {
    throw badInput(argument, `\`${argument}\` may span at most ${HORIZON_MS / DAY_MS} days.`);
  }
  return window;
}
