import { readRows } from '../support/data.ts';
import { seededRandom } from '../support/random.ts';
import { percent, short, type BenchResult } from '../support/result.ts';

const TTLS_S = [30, 60, 300, 900, 3600];
/** Every zone is asked this often on average, at random instants: changes lie on a grid of seconds. */
const READ_EVERY_S = 30;
/** What an event takes from commit to the farthest node; generous against what (c) measures. */
const PROPAGATION_S = 0.1;

/** What a zone offers from an instant on. */
interface Change {
  readonly atS: number;
  readonly available: boolean;
}

/** (f) How often a cached "available" is wrong: on recorded availability, TTL alone against events. */
export async function benchStaleness(): Promise<BenchResult> {
  const recorded = readRows('spot_availability_events.csv.gz');
  const zones = recorded ? zonesOf(recorded) : synthetic();
  const wrong = TTLS_S.map((ttlS) => wrongShare(zones, (changes) => byTtl(changes, ttlS)));
  const events = wrongShare(zones, byEvents);
  const changes = zones.reduce((sum, zone) => sum + zone.length, 0);
  const at300 = wrong[TTLS_S.indexOf(300)] ?? 0;
  return {
    title: '(f) Wrong answers about availability',
    parameters: `${zones.length} zones, ${changes} changes, a read every ${READ_EVERY_S} s on average; events take ${
      PROPAGATION_S * 1000
    } ms${recorded ? '' : '; **synthetic: spot_availability_events is not here**'}`,
    columns: ['cache', 'wrong answers', 'against events'],
    rows: [
      ...wrong.map((share, index) => [
        `TTL ${TTLS_S[index]} s`,
        percent(share, 3),
        events === 0 ? '–' : `${short(share / events)}×`,
      ]),
      ['events', percent(events, 3), '1×'],
    ],
    aims: [
      { text: 'TTL alone answers wrong at 300 s', met: at300 > 0.001 },
      {
        text: 'events answer wrong at least 100 times less often than a TTL of 300 s',
        met: events * 100 <= at300,
      },
    ],
  };
}

function zonesOf(rows: readonly Record<string, string>[]): Change[][] {
  const zones = new Map<string, Change[]>();
  for (const row of rows) {
    if (row['kind'] !== 'availability') continue;
    const name = `${row['cluster']}/${row['zone']}/${row['gpu_model']}/${row['gpus_per_node']}`;
    const zone = zones.get(name) ?? [];
    zones.set(name, zone);
    const available = Number(row['available_nodes']) > 0;
    if (zone.at(-1)?.available !== available) {
      zone.push({ atS: Date.parse(row['at'] ?? '') / 1000, available });
    }
  }
  return [...zones.values()].filter((zone) => zone.length > 1);
}

/** As often as the recorded ones change: stays of an hour and a half on average, from a fixed seed. */
function synthetic(): Change[][] {
  const random = seededRandom(7);
  const stay = (): number => -5400 * Math.log(1 - random());
  return Array.from({ length: 12 }, () => {
    let atS = 0;
    return Array.from({ length: 300 }, (_, index) => ({
      atS: (atS += stay()),
      available: index % 2 === 0,
    }));
  });
}

/** Tells what a cache answers at an instant, asked in order of time. */
type Answering = (changes: readonly Change[]) => (atS: number) => boolean;

function wrongShare(zones: readonly Change[][], cache: Answering): number {
  const random = seededRandom(11);
  let [reads, wrong] = [0, 0];
  for (const changes of zones) {
    const truth = inOrder(changes);
    const answer = cache(changes);
    const [first, last] = [changes[0]?.atS ?? 0, changes.at(-1)?.atS ?? 0];
    for (let atS = first; atS <= last; atS += 2 * READ_EVERY_S * random()) {
      reads += 1;
      if (answer(atS) !== truth(atS)) wrong += 1;
    }
  }
  return wrong / reads;
}

function inOrder(changes: readonly Change[]): (atS: number) => boolean {
  let index = 0;
  return (atS) => {
    while ((changes[index + 1]?.atS ?? Number.POSITIVE_INFINITY) <= atS) index += 1;
    return changes[index]?.available ?? false;
  };
}

const byTtl = (changes: readonly Change[], ttlS: number): ((atS: number) => boolean) => {
  const truth = inOrder(changes);
  let [value, expiresS] = [false, Number.NEGATIVE_INFINITY];
  return (atS) => {
    if (atS >= expiresS) [value, expiresS] = [truth(atS), atS + ttlS];
    return value;
  };
};

const byEvents: Answering = (changes) => {
  const truth = inOrder(changes);
  return (atS) => truth(atS - PROPAGATION_S);
};
