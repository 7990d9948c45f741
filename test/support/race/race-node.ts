import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Commit, FromNode, NodeReport, Progress, RaceNodeSettings, ToNode } from './types.ts';

/** A node of a race, seen from outside: a process that can be frozen and killed. */
export interface RaceNodeProcess {
  /** What it last told; at most 100 ms old. */
  progress(): Progress;
  /** Tells it of a write that was answered, its own included. */
  committed(commit: Commit): void;
  /** Ends its load and asks what it found. */
  finish(): Promise<NodeReport>;
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
}

const NOTHING_YET: Progress = {
  reads: 0,
  writes: 0,
  failedReads: 0,
  failedWrites: 0,
  staleHere: 0,
  staleAnywhere: 0,
};

const MAIN = fileURLToPath(new URL('./node-main.ts', import.meta.url));

/** Starts a node and resolves when its load runs. */
export async function startRaceNode(
  settings: RaceNodeSettings,
  onCommitted: (commit: Commit) => void,
): Promise<RaceNodeProcess> {
  const child = fork(MAIN, [JSON.stringify(settings)], { execArgv: [], stdio: 'inherit' });
  const ended = once(child, 'exit');
  const guard = (): void => void child.kill('SIGKILL');
  process.once('exit', guard);
  child.once('exit', () => process.off('exit', guard));
  const ready = Promise.withResolvers<void>();
  const report = Promise.withResolvers<NodeReport>();
  let progress = NOTHING_YET;
  child.on('message', (message: FromNode) => {
    if (message.kind === 'ready') ready.resolve();
    if (message.kind === 'committed') onCommitted(message.commit);
    if (message.kind === 'progress') ({ progress } = message);
    if (message.kind === 'report') report.resolve(message.report);
  });
  const gone = ended.then(() => {
    throw new Error(`${settings.nodeId} has ended`);
  });
  gone.catch(() => undefined);
  await Promise.race([ready.promise, gone]);
  return {
    progress: () => progress,
    committed: (commit) => send(child, { kind: 'committed', commit }),
    finish: () => {
      send(child, { kind: 'finish' });
      return Promise.race([report.promise, gone]);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function send(child: ChildProcess, message: ToNode): void {
  if (child.connected) child.send(message, () => undefined);
}
