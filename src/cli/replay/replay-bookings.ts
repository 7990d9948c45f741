import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DAY_MS, HOUR_MS, toIso } from '../../domain/time.ts';
import { EXIT_FAILED } from '../cli-error.ts';
import { forEachRow, rowsText } from '../import/rows.ts';
import { formatCount, plural, printLine } from '../output.ts';
import { startProgress } from '../progress.ts';
import { connect, withApiOptions, type ApiOptions } from './api-options.ts';
import { bookJob } from './book-job.ts';
import { readUnits } from './fleet.ts';
import { findOverlaps, readLiveBookings } from './live-bookings.ts';
import { orderJob, type OrderOutcomes } from './order-job.ts';
import { runPaced } from './paced.ts';
import { planReplay, type ReplayPlan, type SkipReason } from './replay-plan.ts';
import { Tally } from './tally.ts';
import { JOB_COLUMNS, readJob, type TraceJob } from './trace-jobs.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';

const WAYS = ['bookings', 'orders'] as const;

type Options = ApiOptions & {
  readonly concurrency: string;
  readonly via: (typeof WAYS)[number];
  readonly limitPercent: number;
  readonly assertNoOverlap?: boolean;
};

const SKIP_REASONS: readonly SkipReason[] = [
  'never scheduled',
  'before A',
  'beyond the horizon',
  'over 30 days',
];

const DETAILS = `
Instant A of the trace, the start that leaves most jobs wholly inside the bookable 90 days, becomes the next
full hour; periods are rounded out to minutes. Each job asks for the smallest free unit that has its cards
and one of its models, and tries what a refusal offers instead. Refusals are counted by the server's code;
NO_SUITABLE_UNIT means that the market has no such unit at all. Use a RENTER's or OPERATOR's token.

With --via orders each job is an IOC limit order for one unit of the smallest size that will do, tried in up to
three books. Its limit is --limit-percent of the pair's best ask or, in a book without asks, of its reference
price. A job whose orders all ended without a unit counts as UNFILLED. An order meets only
units that are free for the next hour too.`;

export function replayBookingsCommand(): Command {
  return withApiOptions(new Command('bookings'))
    .description('book the jobs of a cluster trace through the API')
    .argument('<file>', `CSV or CSV.gz with the columns ${JOB_COLUMNS.join(', ')}`)
    .addOption(
      new Option('--concurrency <calls>', 'calls under way at the same time')
        .choices(['1', '2', '4', '8', '16', '32'])
        .default('8'),
    )
    .addOption(
      new Option('--via <way>', 'book units directly, or trade through limit orders')
        .choices(WAYS)
        .default('bookings'),
    )
    .option('--limit-percent <n>', 'what orders pay, of the best ask', parsePercent, 105)
    .option('--assert-no-overlap', 'afterwards check that no two live bookings of a unit overlap')
    .addHelpText('after', DETAILS)
    .action(replayBookings);
}

async function replayBookings(file: string, options: Options): Promise<void> {
  const jobs: TraceJob[] = [];
  const rows = await forEachRow(file, JOB_COLUMNS, (cells) => jobs.push(readJob(cells)));
  const plan = planReplay(jobs);
  const beginsAt = (Math.floor(Date.now() / HOUR_MS) + 1) * HOUR_MS;
  printPlan(plan, rowsText(rows), toIso(beginsAt));
  const client = connect(options);
  for (const line of await sendAll(client, plan, beginsAt, options)) printLine(line);
  if (options.assertNoOverlap) await assertNoOverlap(client);
}

function printPlan(
  { originMs, inWindow, skipped }: ReplayPlan,
  rows: string,
  beginsAt: string,
): void {
  const day = (originMs / DAY_MS).toFixed(2);
  printLine(
    `${rows}; instant A is day ${day} of the trace and becomes ${beginsAt}; ${plural(inWindow, 'job')} fit`,
  );
  const reasons = SKIP_REASONS.map(
    (reason) => `${formatCount(skipped.get(reason) ?? 0)} ${reason}`,
  );
  printLine(`skipped: ${reasons.join(', ')}`);
}

/** Returns the report. */
async function sendAll(
  client: GraphqlClient,
  { jobs, originMs }: ReplayPlan,
  beginsAt: number,
  { speed, concurrency, via, limitPercent }: Options,
): Promise<string[]> {
  const tally = new Tally();
  const fleet = await readUnits(client, {});
  const outcomes = { placed: 0, filled: 0, partlyFilled: 0, unfilled: 0 };
  const shared = { client, tally, fleet, runId: randomUUID(), shiftMs: beginsAt - originMs };
  const run = { ...shared, limitPercent, outcomes };
  const send = via === 'orders' ? orderJob : bookJob;
  const progress = startProgress('jobs sent', jobs.length);
  const pace = {
    dueMs: (job: TraceJob) => job.createdMs - originMs,
    speed,
    concurrency: Number(concurrency),
    onDone: (done: number) => progress.update(done),
  };
  try {
    await runPaced(jobs, pace, (job, index) => send(run, job, index));
  } finally {
    progress.stop();
  }
  return [...tally.report('job'), ...(via === 'orders' ? [ordersText(outcomes)] : [])];
}

function ordersText({ placed, filled, partlyFilled, unfilled }: OrderOutcomes): string {
  return (
    `${plural(placed, 'order')} placed: ${formatCount(filled)} filled, ` +
    `${formatCount(partlyFilled)} partially, ${formatCount(unfilled)} cancelled unfilled`
  );
}

function parsePercent(text: string): number {
  const percent = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (percent > 0) return percent;
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

async function assertNoOverlap(client: GraphqlClient): Promise<void> {
  const bookings = await readLiveBookings(client);
  const overlaps = findOverlaps(bookings);
  for (const [a, b] of overlaps) printLine(`overlap on ${a.gpuId}: ${a.id} and ${b.id}`);
  printLine(
    `${plural(bookings.length, 'live booking')} checked: ${plural(overlaps.length, 'overlap')}`,
  );
  if (overlaps.length > 0) process.exitCode = EXIT_FAILED;
}
