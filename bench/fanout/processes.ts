import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What a process of the bench can be asked. */
type Callable<M> = { readonly [K in keyof M]: (...args: never[]) => unknown };

/** The same, asked from outside. */
export type Remote<M extends Callable<M>> = {
  readonly [K in keyof M]: (...args: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>>;
};

/** A process of the bench; it ends with this one. */
export interface Peer<M extends Callable<M>> {
  readonly ask: Remote<M>;
  stop(): void;
}

interface Question {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  /** Of the question; {@link READY} before any. */
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface PeerOptions {
  /** Beside this file. */
  readonly main: string;
  readonly args: readonly string[];
  readonly core: number;
  readonly nodeOptions?: readonly string[];
}

const READY = 0;
const PATIENCE_MS = 60_000;
const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Where the processes of a run are; for its parameters. */
export const PLACES = CAN_PIN
  ? 'servers on core 0, clients on core 1'
  : '**servers and clients share the cores: there is no taskset, or one core only**';

/** Starts a process that answers with {@link answerParent}; resolves when it does. */
export async function startPeer<M extends Callable<M>>({
  main,
  args,
  core,
  nodeOptions = [],
}: PeerOptions): Promise<Peer<M>> {
  const path = fileURLToPath(new URL(main, import.meta.url));
  const command = [process.execPath, '--expose-gc', ...nodeOptions, path, ...args];
  const pinned = CAN_PIN ? ['taskset', '-c', String(core), ...command] : command;
  const child = spawn(pinned[0] ?? '', pinned.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const questions = new Questions(child, [main, ...args].join(' '));
  await questions.ready;
  const ask = new Proxy({} as Remote<M>, {
    get:
      (_, method: string) =>
      (...given: readonly unknown[]) =>
        questions.ask(method, given),
  });
  return { ask, stop: () => void child.kill('SIGKILL') };
}

class Questions {
  readonly ready: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #last = READY;

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
    this.ready = this.#await(READY);
    child.on('message', (answer: Answer) => this.#settle(answer));
    child.on('error', (error) => this.#fail(error.message));
    child.on('exit', (code, signal) => this.#fail(`ended (${code ?? signal})`));
  }

  ask(method: string, args: readonly unknown[]): Promise<unknown> {
    this.#last += 1;
    const answer = this.#await(this.#last);
    const question: Question = { id: this.#last, method, args };
    this.#child.send(question);
    return answer;
  }

  async #await(id: number): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#open.set(id, waiting);
    const timer = setTimeout(() => this.#fail('does not answer'), PATIENCE_MS);
    return waiting.promise.finally(() => clearTimeout(timer));
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#open.get(id);
    this.#open.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${this.#name}: ${error}`));
  }

  #fail(what: string): void {
    for (const { reject } of this.#open.values()) reject(new Error(`${this.#name} ${what}`));
    this.#open.clear();
  }
}

/** Answers the process that started this one, and ends with it. */
export function answerParent<M extends Callable<M>>(methods: M): void {
  process.on('message', ({ id, method, args }: Question) => {
    void run(methods[method as keyof M], args).then(
      (value) => tell({ id, value }),
      (error: unknown) => tell({ id, error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
  tell({ id: READY });
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

async function run(
  method: (...args: never[]) => unknown,
  args: readonly unknown[],
): Promise<unknown> {
  return await method(...(args as never[]));
}

/** The most files that this process, and so a child, may have open. */
export function openFilesLimit(): number {
  const report = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
  };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
