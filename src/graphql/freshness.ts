import type { Cached } from '../market/types.ts';

/** How fresh an answer is: what {@link Cached} tells besides its value. */
export type Freshness = Omit<Cached<unknown>, 'value'>;

const WORST_LAST: readonly Freshness['servedFrom'][] = ['L1', 'L2', 'DATABASE'];

/** The freshness of an answer made of several: its oldest and worst part decides. */
export function leastFresh(parts: readonly [Freshness, ...Freshness[]]): Freshness {
  return parts.reduce((a, b) => ({
    asOf: Math.min(a.asOf, b.asOf),
    servedFrom:
      WORST_LAST.indexOf(a.servedFrom) > WORST_LAST.indexOf(b.servedFrom)
        ? a.servedFrom
        : b.servedFrom,
    sequence: a.sequence < b.sequence ? a.sequence : b.sequence,
    degraded: a.degraded || b.degraded,
  }));
}
