import type { Pair } from './catalog.ts';

export const STOCK_LEVELS = ['NONE', 'LOW', 'MEDIUM', 'HIGH'] as const;
export type StockLevel = (typeof STOCK_LEVELS)[number];

/** How many units of one pair are in which state. `offline` counts MAINTENANCE too. */
export interface AvailabilitySummary extends Pair {
  readonly total: number;
  readonly available: number;
  readonly held: number;
  readonly booked: number;
  readonly offline: number;
}

function rentable(summary: AvailabilitySummary): number {
  return summary.total - summary.offline;
}

/** NONE 0 available, LOW < 20 % of the rentable units, MEDIUM < 50 %, else HIGH. */
export function stockLevel(summary: AvailabilitySummary): StockLevel {
  if (summary.available === 0) return 'NONE';
  const share = summary.available / rentable(summary);
  if (share < 0.2) return 'LOW';
  return share < 0.5 ? 'MEDIUM' : 'HIGH';
}

/** Booked divided by rentable, 0..1; nothing rentable counts as 0. */
export function utilisation(summary: AvailabilitySummary): number {
  const units = rentable(summary);
  return units === 0 ? 0 : summary.booked / units;
}
