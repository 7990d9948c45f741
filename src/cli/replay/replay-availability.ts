import { Command } from 'commander';
import { ReplayStatusDocument, type ReplayStatusMutation } from '../../client/generated/graphql.ts';
import type { GraphqlClient } from '../../client/graphql-client.ts';
import { pairKey, type Pair } from '../../domain/catalog.ts';
import { forEachRow, rowsText } from '../import/rows.ts';
import { formatCount, plural, printLine } from '../output.ts';
import { startProgress } from '../progress.ts';
import { connect, withApiOptions, type ApiOptions } from './api-options.ts';
import {
  AVAILABILITY_COLUMNS,
  availabilitySteps,
  readAvailabilityRow,
  type AvailabilityRow,
  type AvailabilityStep,
} from './availability-rows.ts';
import { readUnits } from './fleet.ts';
import { runPaced } from './paced.ts';
import { patiently, refusalCode } from './patiently.ts';
import { Tally } from './tally.ts';

const DETAILS = `
A zone belongs to its region (us-west-2b to us-west-2). When the trace has N nodes of a model in a region, the
first N units of that pair become AVAILABLE and the others OFFLINE; only units that change are sent. Changes of
pairs without a unit are skipped and counted. Needs an OPERATOR's token.`;

export function replayAvailabilityCommand(): Command {
  return withApiOptions(new Command('availability'))
    .description('drive setGpuStatus with an availability trace')
    .argument('<file>', `CSV or CSV.gz with the columns ${AVAILABILITY_COLUMNS.join(', ')}`)
    .addHelpText('after', DETAILS)
    .action(replayAvailability);
}

type SwitchStatus = 'AVAILABLE' | 'OFFLINE';

/** A pair's units in their order, with what the replay last made of them. */
type PairUnits = { readonly id: string; status: string }[];

async function replayAvailability(file: string, options: ApiOptions): Promise<void> {
  const rows: AvailabilityRow[] = [];
  const counts = await forEachRow(file, AVAILABILITY_COLUMNS, (cells) => {
    const row = readAvailabilityRow(cells);
    if (row) rows.push(row);
  });
  const client = connect(options);
  const steps = availabilitySteps(rows);
  const units = await readPairs(client, steps);
  const known = steps.filter((step) => units.has(pairKey(step.pair)));
  const skipped = `${formatCount(steps.length - known.length)} of pairs without a unit skipped`;
  printLine(
    `${rowsText(counts)}: ${plural(known.length, 'change')} of ${plural(units.size, 'pair')}, ${skipped}`,
  );
  const tally = new Tally();
  const progress = startProgress('changes replayed', known.length);
  const pace = {
    dueMs: (step: AvailabilityStep) => step.dueMs,
    speed: options.speed,
    concurrency: 1,
    onDone: (done: number) => progress.update(done),
  };
  try {
    await runPaced(known, pace, (step) =>
      follow(client, tally, units.get(pairKey(step.pair)) ?? [], step),
    );
  } finally {
    progress.stop();
  }
  for (const line of tally.report('status change')) printLine(line);
}

/** The units of every pair of the trace that has any. */
async function readPairs(
  client: GraphqlClient,
  steps: readonly AvailabilityStep[],
): Promise<Map<string, PairUnits>> {
  const pairs = new Map<string, Pair>(steps.map((step) => [pairKey(step.pair), step.pair]));
  const units = new Map<string, PairUnits>();
  for (const [key, { gpuType, region }] of pairs) {
    const found = await readUnits(client, { gpuTypes: [gpuType], regions: [region] });
    const ordered = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (ordered.length > 0)
      units.set(
        key,
        ordered.map(({ id, status }) => ({ id, status })),
      );
  }
  return units;
}

async function follow(
  client: GraphqlClient,
  tally: Tally,
  units: PairUnits,
  { available }: AvailabilityStep,
): Promise<void> {
  for (const [index, unit] of units.entries()) {
    const wanted: SwitchStatus = index < available ? 'AVAILABLE' : 'OFFLINE';
    const isOffline = unit.status === 'OFFLINE';
    if (isOffline === (wanted === 'OFFLINE')) continue;
    const code = await setStatus(client, tally, unit.id, wanted);
    if (code === null) {
      unit.status = wanted;
      tally.succeed();
    } else tally.refuse(code);
  }
}

/** The refusal's code, or null when the unit was switched. */
async function setStatus(
  client: GraphqlClient,
  tally: Tally,
  gpuId: string,
  status: SwitchStatus,
): Promise<string | null> {
  const input = { gpuId, status, reason: 'replay' };
  const call = (): Promise<ReplayStatusMutation> => client.execute(ReplayStatusDocument, { input });
  try {
    const { setGpuStatus: outcome } = await patiently(() => tally.time(call));
    return outcome.__typename === 'SetGpuStatusSuccess' ? null : outcome.code;
  } catch (error) {
    return refusalCode(error);
  }
}
