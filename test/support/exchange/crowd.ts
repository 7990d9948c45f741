import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SECOND_MS } from '../../../src/domain/time.ts';
import type { UnitTerms } from './commands.ts';
import type { CrowdReport, CrowdSettings, FromCrowd, ToCrowd } from './crowd-types.ts';

/** A process of the crowd, seen from outside. */
export interface CrowdProcess {
  /** Ends its load; its node goes on with its jobs. */
  finish(): Promise<CrowdReport>;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('./crowd-main.ts', import.meta.url));

/** The units of a crowd's book: two sizes, two tiers, every third one DYNAMIC. */
export function crowdUnits(count: number): UnitTerms[] {
  return Array.from({ length: count }, (_, index) => ({
    provider: index % 2 === 0 ? 'house' : 'rival',
    gpuCount: index % 4 === 0 ? 4 : 8,
    trustTier: index % 5 === 0 ? 'COMMUNITY' : 'VERIFIED',
    dynamic: index % 3 === 0,
    cents: 200,
    durations: [60, 43_200],
  }));
}

/** Lets processes fight for the same books for a while; they still run their jobs when this resolves. */
export async function runCrowd(
  settings: Omit<CrowdSettings, 'nodeId'>,
  { processes, seconds }: { readonly processes: number; readonly seconds: number },
): Promise<CrowdReport & { stop(): Promise<void> }> {
  const started: CrowdProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((process) => process.stop()));
  };
  try {
    for (let index = 1; index <= processes; index += 1) {
      started.push(await startProcess({ ...settings, nodeId: `crowd-${index}` }));
    }
    await sleep(seconds * SECOND_MS);
    return { ...sum(await Promise.all(started.map((process) => process.finish()))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startProcess(settings: CrowdSettings): Promise<CrowdProcess> {
  const child = fork(MAIN, [JSON.stringify(settings)], { execArgv: [], stdio: 'inherit' });
  const ended = once(child, 'exit');
  const guard = (): void => void child.kill('SIGKILL');
  process.once('exit', guard);
  child.once('exit', () => process.off('exit', guard));
  const ready = Promise.withResolvers<void>();
  const report = Promise.withResolvers<CrowdReport>();
  child.on('message', (message: FromCrowd) => {
    if (message.kind === 'ready') ready.resolve();
    else report.resolve(message.report);
  });
  const gone = ended.then(() => {
    throw new Error(`${settings.nodeId} has ended`);
  });
  gone.catch(() => undefined);
  await Promise.race([ready.promise, gone]);
  return {
    finish: () => {
      send(child, { kind: 'finish' });
      return Promise.race([report.promise, gone]);
    },
    stop: async () => {
      send(child, { kind: 'stop' });
      await ended;
    },
  };
}

function send(child: ChildProcess, message: ToCrowd): void {
  if (child.connected) child.send(message, () => undefined);
}

function sum(reports: readonly CrowdReport[]): CrowdReport {
  const answers: Record<string, number> = {};
  for (const [answer, count] of reports.flatMap((report) => Object.entries(report.answers))) {
    answers[answer] = (answers[answer] ?? 0) + count;
  }
  return { answers, failures: reports.flatMap((report) => report.failures) };
}
