import { ROUNDS, sampleOf, type Sample } from '../support/measure.ts';
import {
  short,
  spread,
  times,
  type Aim,
  type BenchOptions,
  type BenchResult,
} from '../support/result.ts';
import {
  assertOpenFiles,
  runRound,
  subscribe,
  withArms,
  type Load,
  type Round,
  type RunningArm,
} from './arms.ts';
import { ARM_NAMES, ARMS, rawOf, type ArmName } from './doors.ts';
import { PLACES } from './processes.ts';

interface MeasuredLoad extends Load {
  /** Rounds that do not count: a server that has just been started still compiles what it runs. */
  readonly warmUps: number;
}

/** 10,000 deliveries/s at every size: as fast as the slowest arm can still go. */
const LOADS: readonly MeasuredLoad[] = [
  { subscribers: 100, changes: 100, everyMs: 10, warmUps: 12 },
  { subscribers: 1000, changes: 15, everyMs: 100, warmUps: 2 },
  { subscribers: 5000, changes: 5, everyMs: 500, warmUps: 2 },
];
const QUICK_LOADS: readonly MeasuredLoad[] = [
  { subscribers: 1000, changes: 10, everyMs: 100, warmUps: 4 },
];

const RAW_AIM = 1.2;
const STOCK_AIM = 4;

type Rounds = Readonly<Record<ArmName, Round[]>>;

/** (a) What it costs to tell many subscribers of a change, and how long it takes. */
export async function benchDeliveries({ quick }: BenchOptions): Promise<BenchResult> {
  const loads = quick ? QUICK_LOADS : LOADS;
  assertOpenFiles(Math.max(...loads.map(({ subscribers }) => subscribers)));
  const found = await withArms(async (arms) => {
    const measured: [MeasuredLoad, Rounds][] = [];
    for (const load of loads) measured.push([load, await measure(arms, load)]);
    return measured;
  });
  return report(found);
}

/** The arms take turns. */
async function measure(arms: readonly RunningArm[], load: MeasuredLoad): Promise<Rounds> {
  const found = Object.fromEntries(ARM_NAMES.map((arm) => [arm, [] as Round[]])) as Rounds;
  for (const running of arms) await subscribe(running, load.subscribers);
  for (let round = -load.warmUps; round < ROUNDS; round += 1) {
    for (const running of arms) {
      const result = await runRound(running, load);
      if (round >= 0) found[running.arm].push(result);
    }
  }
  return found;
}

function sampled(rounds: readonly Round[], what: keyof Round): Sample {
  return sampleOf(rounds.map((round) => round[what]));
}

function cpuOf(rounds: Rounds, arm: ArmName): number {
  return sampled(rounds[arm], 'cpuMicros').median;
}

function report(found: readonly (readonly [Load, Rounds])[]): BenchResult {
  return {
    title: '(a) What a delivery costs, and how long it takes',
    parameters:
      `10,000 deliveries/s, a process per server and one for its clients, ${PLACES}; medians of ${ROUNDS} rounds in turns, after some that do not count; ` +
      'CPU = all of the server process from the first change to the last delivery; latency = published → read by the client; ' +
      'raw = the same bytes written to every member',
    columns: ['subscribers', '', 'CPU per delivery', 'against raw', 'p50', 'p99', 'bytes'],
    rows: found.flatMap(([{ subscribers }, rounds]) =>
      ARM_NAMES.map((arm) => [
        subscribers.toLocaleString('en-US'),
        ARMS[arm].name,
        spread(sampled(rounds[arm], 'cpuMicros'), 'µs'),
        times(cpuOf(rounds, arm), cpuOf(rounds, rawOf(arm))),
        spread(sampled(rounds[arm], 'p50Ms'), 'ms'),
        spread(sampled(rounds[arm], 'p99Ms'), 'ms'),
        short(sampled(rounds[arm], 'bytes').median),
      ]),
    ),
    aims: [
      aimOf(found, 'edgebook', 'rawWebSocket', { atMost: RAW_AIM }),
      aimOf(found, 'edgebookSse', 'rawSse', { atMost: RAW_AIM }),
      aimOf(found, 'graphqlWs', 'edgebook', { atLeast: STOCK_AIM }),
      aimOf(found, 'yogaSse', 'edgebookSse', { atLeast: STOCK_AIM }),
    ],
  };
}

function aimOf(
  found: readonly (readonly [Load, Rounds])[],
  arm: ArmName,
  peer: ArmName,
  bounds: { readonly atMost: number } | { readonly atLeast: number },
): Aim {
  const ratios = found.map(([, rounds]) => cpuOf(rounds, arm) / cpuOf(rounds, peer));
  const each = found.map(
    ([{ subscribers }], index) => `${short(ratios[index] ?? Number.NaN)}× at ${subscribers}`,
  );
  const wanted = 'atMost' in bounds ? `≤ ${bounds.atMost}×` : `≥ ${bounds.atLeast}×`;
  return {
    text: `a delivery by ${ARMS[arm].name} costs ${wanted} one by ${ARMS[peer].name}: ${each.join(', ')}`,
    met: ratios.every((ratio) =>
      'atMost' in bounds ? ratio <= bounds.atMost : ratio >= bounds.atLeast,
    ),
  };
}
