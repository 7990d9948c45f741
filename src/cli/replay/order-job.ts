import {
  PlaceOrderDocument,
  PricesDocument,
  type PlaceOrderInput,
  type PlaceOrderMutation,
} from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { pairKey, type Pair } from '../../domain/catalog.ts';
import { divideHalfUp, formatDecimal, parseDecimal, type Micros } from '../../domain/money.ts';
import { suitableUnits, windowOf, type BookingRun } from './book-job.ts';
import { pairOf, type ReplayUnit } from './fleet.ts';
import { patiently, refusalCode } from './patiently.ts';
import type { ScheduledJob } from './replay-plan.ts';

export interface OrderRun extends BookingRun {
  /** What an order may pay, in percent of the best ask. */
  readonly limitPercent: number;
  readonly outcomes: OrderOutcomes;
}

/** What became of the orders that were placed. */
export interface OrderOutcomes {
  placed: number;
  filled: number;
  partlyFilled: number;
  unfilled: number;
}

type PlacedOrder = Extract<
  PlaceOrderMutation['placeOrder'],
  { __typename: 'PlaceOrderSuccess' }
>['order'];

const MAX_ATTEMPTS = 3;

/** The code in the report of a job whose orders all ended without a unit. */
const UNFILLED = 'UNFILLED';

/**
 * Buys a unit for one job: an IOC order for one unit of the smallest size that will do, in the book of
 * a pair that has such units, then in the next book or size, three attempts at most. It pays up to a
 * share of the pair's best ask and, where nothing is asked, of its reference price. What became of the
 * job goes into the tally, what became of the orders into the outcomes.
 */
export async function orderJob(run: OrderRun, job: ScheduledJob, index: number): Promise<void> {
  const lots = lotsFor(suitableUnits(run, job), index);
  if (lots.length === 0) return run.tally.refuse('NO_SUITABLE_UNIT');
  for (const [attempt, { pair, gpusPerUnit }] of lots.slice(0, MAX_ATTEMPTS).entries()) {
    const limitMicros = await readLimit(run, pair);
    if (limitMicros === null) continue;
    const placed = await placeOrder(run, {
      idempotencyKey: `${run.runId}:${job.id}:${attempt}`,
      ...pair,
      gpusPerUnit,
      quantity: 1,
      limitUsdPerGpuHour: formatDecimal(limitMicros),
      period: windowOf(run, job),
      timeInForce: 'IOC',
    });
    if (typeof placed === 'string') return run.tally.refuse(placed);
    count(run.outcomes, placed);
    if (placed.filledQuantity > 0) return run.tally.succeed();
  }
  run.tally.refuse(UNFILLED);
}

/** Units of one size in one pair's book. */
interface Lot {
  readonly pair: Pair;
  readonly gpusPerUnit: number;
}

/** The smallest units first; of one size, every job begins with another pair. */
function lotsFor(units: readonly ReplayUnit[], index: number): Lot[] {
  const lots = new Map<string, Lot>();
  for (const unit of units) {
    const pair = pairOf(unit);
    lots.set(`${pairKey(pair)} ${unit.gpuCount}`, { pair, gpusPerUnit: unit.gpuCount });
  }
  const bySize = Map.groupBy(lots.values(), (lot) => lot.gpusPerUnit);
  return [...bySize]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, same]) => rotated(same, index % same.length));
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return items.slice(by).concat(items.slice(0, by));
}

/** Null when the pair has no price. */
async function readLimit(
  { client, limitPercent }: OrderRun,
  { gpuType, region }: Pair,
): Promise<Micros | null> {
  const { prices } = await readPrices(client, { gpuTypes: [gpuType], regions: [region] });
  const [price] = prices;
  const micros = price ? parseDecimal(price.bestAsk ?? price.usdPerGpuHour) : null;
  return micros === null ? null : divideHalfUp(micros * BigInt(limitPercent), 100n);
}

function readPrices(client: GraphqlClient, pair: { gpuTypes: string[]; regions: string[] }) {
  return patiently(() => client.execute(PricesDocument, pair));
}

/** The order, or the code of the refusal. */
async function placeOrder(
  { client, tally }: OrderRun,
  input: PlaceOrderInput,
): Promise<PlacedOrder | string> {
  try {
    const call = (): Promise<PlaceOrderMutation> => client.execute(PlaceOrderDocument, { input });
    const { placeOrder: outcome } = await patiently(() => tally.time(call));
    return outcome.__typename === 'PlaceOrderSuccess' ? outcome.order : outcome.code;
  } catch (error) {
    return refusalCode(error);
  }
}

function count(outcomes: OrderOutcomes, { filledQuantity, quantity }: PlacedOrder): void {
  outcomes.placed += 1;
  if (filledQuantity === 0) outcomes.unfilled += 1;
  else if (filledQuantity < quantity) outcomes.partlyFilled += 1;
  else outcomes.filled += 1;
}
