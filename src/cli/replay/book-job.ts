import {
  ReplayBookingDocument,
  ReplayUnitsDocument,
  type CreateBookingInput,
  type ReplayBookingMutation,
  type TimeWindowInput,
} from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { toIso } from '../../domain/time.ts';
import { pairOf, type ReplayUnit } from './fleet.ts';
import { patiently, refusalCode } from './patiently.ts';
import type { ScheduledJob } from './replay-plan.ts';
import type { Tally } from './tally.ts';

/** What every job of one replay shares. */
export interface BookingRun {
  readonly client: GraphqlClient;
  readonly tally: Tally;
  /** Every unit of the market, oldest first. */
  readonly fleet: readonly ReplayUnit[];
  /** Names the run in idempotency keys. */
  readonly runId: string;
  /** Added to an instant of the trace to get the real one. */
  readonly shiftMs: number;
}

type Candidate = Pick<ReplayUnit, 'id' | 'name' | 'gpuCount'>;
type Refusal = Exclude<
  ReplayBookingMutation['createBooking'],
  { __typename: 'CreateBookingSuccess' }
>;

const MAX_ATTEMPTS = 3;
/** Enough that jobs sent at the same time do not all choose the same unit. */
const CANDIDATES = 20;

/**
 * Books one job: the smallest free unit that will do, then what the refusal offers instead, three
 * attempts at most. Where nothing is free it still asks for a suitable unit, so that the refusal and
 * its code are the server's. What became of it goes into the tally.
 */
export async function bookJob(run: BookingRun, job: ScheduledJob, index: number): Promise<void> {
  const suitable = suitableUnits(run, job);
  if (suitable.length === 0) return run.tally.refuse('NO_SUITABLE_UNIT');
  const period = windowOf(run, job);
  const free = await findFree(run.client, job, period, suitable);
  const first = pick(free, index) ?? pick(suitable, index);
  if (first) await bookFirstOf(run, job, period, [first, ...free.filter((unit) => unit !== first)]);
}

/** Units of the market that have the job's cards and one of its models. */
export function suitableUnits({ fleet }: BookingRun, job: ScheduledJob): readonly ReplayUnit[] {
  return fleet.filter((unit) => suits(job, unit));
}

/** The job's period in real time. */
export function windowOf({ shiftMs }: BookingRun, { period }: ScheduledJob): TimeWindowInput {
  return { start: toIso(period.startMs + shiftMs), end: toIso(period.endMs + shiftMs) };
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % items.length];
}

function suits(job: ScheduledJob, unit: Candidate): boolean {
  const typeFits = job.gpuTypes.length === 0 || job.gpuTypes.includes(pairOf(unit).gpuType);
  return typeFits && unit.gpuCount >= job.gpuCount;
}

/** Free units of the smallest size that has any, among the first few of each question. */
async function findFree(
  client: GraphqlClient,
  job: ScheduledJob,
  freeDuring: TimeWindowInput,
  suitable: readonly Candidate[],
): Promise<Candidate[]> {
  const smallest = Math.min(...suitable.map((unit) => unit.gpuCount));
  const types = job.gpuTypes.length === 0 ? {} : { gpuTypes: [...job.gpuTypes] };
  for (const gpuCount of [{ gte: smallest, lte: smallest }, { gte: smallest + 1 }]) {
    const variables = { first: CANDIDATES, filter: { ...types, freeDuring, gpuCount } };
    const { gpus } = await patiently(() => client.execute(ReplayUnitsDocument, variables));
    const size = Math.min(...gpus.nodes.map((unit) => unit.gpuCount));
    if (gpus.nodes.length > 0) return gpus.nodes.filter((unit) => unit.gpuCount === size);
  }
  return [];
}

async function bookFirstOf(
  run: BookingRun,
  job: ScheduledJob,
  period: TimeWindowInput,
  candidates: Candidate[],
): Promise<void> {
  let code = 'GPU_UNAVAILABLE';
  const tried = new Set<string>();
  while (tried.size < MAX_ATTEMPTS) {
    const unit = candidates.find((candidate) => !tried.has(candidate.id));
    if (!unit) break;
    tried.add(unit.id);
    const idempotencyKey = `${run.runId}:${job.id}:${tried.size}`;
    const refusal = await createBooking(run, { idempotencyKey, gpuId: unit.id, period });
    if (refusal === null) return run.tally.succeed();
    code = refusal.code;
    if (refusal.alternatives === null) break;
    candidates = [...refusal.alternatives.filter((other) => suits(job, other)), ...candidates];
  }
  run.tally.refuse(code);
}

/** Null when it was booked; `alternatives` is null where trying another unit makes no sense. */
async function createBooking(
  { client, tally }: BookingRun,
  input: CreateBookingInput,
): Promise<{ readonly code: string; readonly alternatives: readonly Candidate[] | null } | null> {
  try {
    const call = (): Promise<ReplayBookingMutation> =>
      client.execute(ReplayBookingDocument, { input });
    const { createBooking: outcome } = await patiently(() => tally.time(call));
    return outcome.__typename === 'CreateBookingSuccess' ? null : refusalOf(outcome);
  } catch (error) {
    return { code: refusalCode(error), alternatives: null };
  }
}

function refusalOf(refusal: Refusal): {
  readonly code: string;
  readonly alternatives: readonly Candidate[] | null;
} {
  const alternatives = refusal.__typename === 'GpuUnavailableError' ? refusal.alternatives : null;
  return { code: refusal.code, alternatives };
}
