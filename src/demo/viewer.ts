import { floorMinute, MINUTE_MS, type Interval } from '../domain/time.ts';
import type { TokenRole, Viewer } from '../domain/viewer.ts';

/** Somebody of the demo, as if with a token that never ends. */
export function viewer(accountId: string, role: TokenRole): Viewer {
  return { accountId, role, expiresAt: Number.MAX_SAFE_INTEGER };
}

/** A period that begins so many minutes after the start of the running one. */
export function inMinutes(startsIn: number, minutes: number): Interval {
  const start = floorMinute(Date.now()) + startsIn * MINUTE_MS;
  return { start, end: start + minutes * MINUTE_MS };
}
