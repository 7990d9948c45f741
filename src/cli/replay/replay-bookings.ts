import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { DAY_MS, HOUR_MS, toIso } from '../../domain/time.ts';
import { EXIT_FAILED } from '../cli-error.ts';
import { forEachRow, rowsText } from '../import/rows.ts';
import { formatCount, plural, printLine } from '../output.ts';
import { startProgress } from '../progress.ts';
import { connect, withApiOptions, type ApiOptions } from './api-options.ts';
import { bookJob } from './book-job.ts';
import { readUnits } from './fleet.ts';
import { findOverlaps, readLiveBookings } from './live-bookings.ts';
import { runPaced } from './paced.ts';
import { planReplay, type ReplayPlan, type SkipReason } from './replay-plan.ts';
import { Tally } from './tally.ts';
import { JOB_COLUMNS, readJob, type TraceJob } from './trace-jobs.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';

type Options = ApiOptions & { readonly concurrency: string; readonly assertNoOverlap?: boolean };

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
NO_SUITABLE_UNIT means that the market has no such unit at all. Use a RENTER's or OPERATOR's token.`;

export function replayBookingsCommand(): Command {
  return withApiOptions(new Command('bookings'))
    .description('book the jobs of a cluster trace through the API')
    .argument('<file>', `CSV or CSV.gz with the columns ${JOB_COLUMNS.join(', ')}`)
    .addOption(
      new Option('--concurrency <calls>', 'calls under way at the same time')
        .choices(['1', '2', '4', '8', '16', '32'])
        .default('8'),
    )
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
  const tally = await sendAll(client, plan, beginsAt, options);
  for (const line of tally.report('job')) printLine(line);
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

async function sendAll(
  client: GraphqlClient,
  { jobs, originMs }: ReplayPlan,
  beginsAt: number,
  { speed, concurrency }: Options,
): Promise<Tally> {
  const tally = new Tally();
  const fleet = await readUnits(client, {});
  const run = { client, tally, fleet, runId: randomUUID(), shiftMs: beginsAt - originMs };
  const progress = startProgress('jobs sent', jobs.length);
  const pace = {
    dueMs: (job: TraceJob) => job.createdMs - originMs,
    speed,
    concurrency: Number(concurrency),
    onDone: (done: number) => progress.update(done),
  };
  try {
    await runPaced(jobs, pace, (job, index) => bookJob(run, job, index));
  } finally {
    progress.stop();
  }
  return tally;
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
