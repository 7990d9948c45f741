import { setTimeout as sleep } from 'node:timers/promises';
import { START_ARM, type RaceNode } from './arms.ts';
import { Oracle } from './oracle.ts';
import { anyKey, RACE_KEYS } from './race-market.ts';
import type { FromNode, Progress, RaceNodeSettings, ToNode } from './types.ts';

/** A process of a race: one node with its readers and writers, judged by its own oracle. */

const TICK_MS = 5;
const AT_ONCE = 100;
const REPORT_EVERY_MS = 100;
const QUIET_TIMEOUT_MS = 10_000;
/** What was committed last is still on its way to the others when the load ends. */
const LAST_WORDS_MS = 300;
const KEPT_LAGS = 100_000;

const settings = JSON.parse(process.argv[2] ?? '{}') as RaceNodeSettings;
const oracle = new Oracle();
const lagsMs: number[] = [];
const counts = { reads: 0, writes: 0, failedReads: 0, failedWrites: 0 };
let running = true;

const tell = (message: FromNode): void => void process.send?.(message);

const node = await START_ARM[settings.arm](settings, (key, version, lagMs) => {
  oracle.heard(key, version);
  if (lagMs !== null && lagsMs.length < KEPT_LAGS) lagsMs.push(lagMs);
});

async function readOnce(raceNode: RaceNode, key: string): Promise<void> {
  const expected = oracle.expected(key);
  try {
    oracle.judge(key, await raceNode.read(key), expected);
    counts.reads += 1;
  } catch {
    counts.failedReads += 1;
  }
}

async function writeOnce(raceNode: RaceNode): Promise<void> {
  const key = anyKey();
  try {
    const version = await raceNode.write(key);
    oracle.know(key, version);
    counts.writes += 1;
    tell({ kind: 'committed', commit: { key, version, ackedAtMs: Date.now() } });
  } catch {
    counts.failedWrites += 1;
  }
}

/** So many calls per second, whatever each takes, and never more than a limit under way at once. */
async function pace(perSecond: number, call: () => Promise<void>): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let last = performance.now();
  let due = 0;
  while (running) {
    const now = performance.now();
    due = Math.min(due + ((now - last) * perSecond) / 1000, AT_ONCE);
    last = now;
    for (; due >= 1; due -= 1) {
      if (underWay.size >= AT_ONCE) break;
      const one = call().finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
}

function progress(): Progress {
  const { staleHere, staleAnywhere } = oracle;
  return { ...counts, staleHere, staleAnywhere };
}

async function countDiverged(): Promise<number> {
  const truth = await node.truth();
  const answers = await Promise.all(
    RACE_KEYS.map(async (key) => (await node.read(key)) === truth.get(key)),
  );
  return answers.filter((equal) => !equal).length;
}

async function finish(): Promise<void> {
  running = false;
  await load;
  const deadline = Date.now() + QUIET_TIMEOUT_MS;
  while (oracle.missing() > 0 && Date.now() < deadline) await sleep(TICK_MS);
  await sleep(LAST_WORDS_MS);
  const { staleHere, staleAnywhere, examples } = oracle;
  const found = { staleHere, staleAnywhere, examples, lostEvents: oracle.missing() };
  tell({
    kind: 'report',
    report: { ...counts, ...found, lagsMs, diverged: await countDiverged() },
  });
}

process.on('message', (message: ToNode) => {
  if (message.kind === 'committed') oracle.committed(message.commit);
  else void finish();
});
process.on('disconnect', () => process.exit());

oracle.listensSince(await node.truth());
const load = Promise.all([
  pace(settings.readsPerSecond, () => readOnce(node, anyKey())),
  pace(settings.writesPerSecond, () => writeOnce(node)),
]);
setInterval(() => tell({ kind: 'progress', progress: progress() }), REPORT_EVERY_MS).unref();
tell({ kind: 'ready' });
