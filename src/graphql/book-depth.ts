import { badInput } from './errors.ts';

export const DEFAULT_DEPTH = 20;
const MAX_DEPTH = 100;

/** Levels of each side that a client asks for; absent means 20. Throws BAD_USER_INPUT. */
export function checkedDepth(depth: number | null | undefined): number {
  const asked = depth ?? DEFAULT_DEPTH;
  if (asked >= 1 && asked <= MAX_DEPTH) return asked;
  throw badInput('depth', `\`depth\` must be from 1 to ${MAX_DEPTH}.`);
}
