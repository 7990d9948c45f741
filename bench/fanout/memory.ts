import { short, type Aim, type BenchOptions, type BenchResult } from '../support/result.ts';
import { assertOpenFiles, runRound, startArm, subscribe } from './arms.ts';
import { ARM_NAMES, ARMS, rawOf, type ArmName } from './doors.ts';
import { PLACES } from './processes.ts';

/** They take what a server left free at its start and load what it needs once; they stay. */
const FIRST = { subscribers: 1500, changes: 5, everyMs: 150 };
/** So many are added, whose memory is measured. */
const SUBSCRIBERS = 5000;
const QUICK_SUBSCRIBERS = 2000;
/** What joining leaves behind is collected after so many, before the heap grows for it. */
const STEP = 500;
/** The young generation whole from the start: else it grows once, somewhere, by more than many clients. */
const NODE_OPTIONS = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
const BYTES_PER_KB = 1000;
const AIM_KB = 15;

/** (b) What a subscriber costs that nothing happens for. */
export async function benchMemory({ quick }: BenchOptions): Promise<BenchResult> {
  const subscribers = quick ? QUICK_SUBSCRIBERS : SUBSCRIBERS;
  assertOpenFiles(FIRST.subscribers + subscribers);
  const found: [ArmName, number][] = [];
  for (const arm of ARM_NAMES) found.push([arm, await kilobytesEach(arm, subscribers)]);
  return report(Object.fromEntries(found) as Record<ArmName, number>, subscribers);
}

async function kilobytesEach(arm: ArmName, subscribers: number): Promise<number> {
  const running = await startArm(arm, NODE_OPTIONS);
  const all = FIRST.subscribers + subscribers;
  try {
    await subscribe(running, FIRST.subscribers);
    await runRound(running, FIRST);
    const before = await running.server.residentBytes();
    for (let open = FIRST.subscribers + STEP; open < all; open += STEP) {
      await subscribe(running, open);
      await running.server.residentBytes();
    }
    await subscribe(running, all);
    const after = await running.server.residentBytes();
    return (after - before) / subscribers / BYTES_PER_KB;
  } finally {
    running.stop();
  }
}

function report(found: Readonly<Record<ArmName, number>>, subscribers: number): BenchResult {
  const more = (arm: ArmName): number => found[arm] - found[rawOf(arm)];
  const aimOf = (arm: ArmName): Aim => ({
    text:
      `${ARMS[arm].name} ≤ ${AIM_KB} kB per subscriber: ${short(found[arm])} kB, ` +
      `${short(more(arm))} kB of them more than the ${ARMS[rawOf(arm)].name}`,
    met: found[arm] <= AIM_KB,
  });
  return {
    title: '(b) Memory of an idle subscriber',
    parameters:
      `resident memory that ${subscribers.toLocaleString('en-US')} subscribers add to a server process with ${FIRST.subscribers.toLocaleString('en-US')}, one connection each; ` +
      `after garbage collections, young generation of a fixed size; a fresh process per arm; ${PLACES}; 1 kB = 1000 bytes`,
    columns: ['', 'per subscriber', 'more than raw'],
    rows: ARM_NAMES.map((arm) => [
      ARMS[arm].name,
      `${short(found[arm])} kB`,
      rawOf(arm) === arm ? '–' : `${short(more(arm))} kB`,
    ]),
    aims: [aimOf('edgebook'), aimOf('edgebookSse')],
  };
}
