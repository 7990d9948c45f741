import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; this process's own where it is absent. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the server prints, on either stream, when it takes connections. */
  readonly readyLine: RegExp;
  /** The signal that ends it quickly and cleanly. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** Both, or neither: the account it runs under, where this process may choose. */
  readonly account?: { readonly uid: number; readonly gid: number };
}

/** A server that this process started and that never outlives it. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it is gone, with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** The last of what it printed, on either stream. */
  output(): string;
  /** Ends it without a goodbye, as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it cleanly, also when it is paused or gone already. */
  stop(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const KEPT_CHARACTERS = 20_000;

/**
 * Ends `pid` when this process is gone, whatever ended it: a SIGKILL runs no handler here, but it
 * closes the pipe that the guard reads from.
 */
function guard(pid: number): ChildProcess {
  const script = 'read -r _; kill -QUIT "$1"; kill -CONT "$1"; sleep 2; kill -KILL "$1"';
  const watcher = spawn('sh', ['-c', script, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return watcher;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Keeps the last output; what nobody reads would block the server. */
function collectOutput(child: ChildProcess): () => string {
  let output = '';
  const read = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  return () => output;
}

/** Resolves when the ready line came; rejects when the server ended before, or after 60 s. */
async function ready(
  child: ChildProcess,
  { command, readyLine }: ServerCommand,
  output: () => string,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    if (readyLine.test(output())) resolve();
  };
  const fail = (what: string): void => reject(new Error(`${command} ${what}:\n${output()}`));
  child.stdout?.on('data', look);
  child.stderr?.on('data', look);
  child.on('error', reject);
  child.on('close', () => fail('ended before it was ready'));
  const timer = setTimeout(() => fail('was not ready in time'), READY_TIMEOUT_MS);
  await promise.finally(() => clearTimeout(timer));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  child.kill('SIGCONT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited.finally(() => clearTimeout(timer));
}

/** Starts a server and resolves when it takes connections. */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(command.env && { env: command.env }),
    ...command.account,
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = collectOutput(child);
  const started = ready(child, command, output);
  const watcher = child.pid === undefined ? null : guard(child.pid);
  child.on('exit', () => watcher?.kill('SIGKILL'));
  try {
    await started;
  } catch (error) {
    if (child.pid !== undefined) await end(child, 'SIGKILL');
    throw error;
  }
  return {
    pid: child.pid as number,
    ended,
    output,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, command.stopSignal),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}
