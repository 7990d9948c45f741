import { tmpdir } from 'node:os';
import { freePort } from './free-port.ts';
import { findRedisServer, REDIS_MISSING } from './redis-server.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** A real Redis of a test's own: nothing is kept on disk, so that it restarts empty. */
export interface TestRedis extends ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Ends it, if it still runs, and starts it again, empty, on the same port. */
  restart(): Promise<void>;
}

const PORT_ATTEMPTS = 3;

function launch(port: number, extraArgs: readonly string[]): Promise<ServerProcess> {
  const command = findRedisServer();
  if (command === null) throw new Error(REDIS_MISSING);
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return startServerProcess({
    command,
    args: [...args, ...extraArgs],
    cwd: tmpdir(),
    readyLine: /ready to accept connections/i,
    stopSignal: 'SIGTERM',
  });
}

async function launchOnFreePort(extraArgs: readonly string[]): Promise<[ServerProcess, number]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return [await launch(port, extraArgs), port];
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Starts a Redis; the caller stops it. `extraArgs` are more options of `redis-server`. */
export async function startRedis(extraArgs: readonly string[] = []): Promise<TestRedis> {
  const [first, port] = await launchOnFreePort(extraArgs);
  let current = first;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return current.pid;
    },
    get ended() {
      return current.ended;
    },
    output: () => current.output(),
    kill: () => current.kill(),
    stop: () => current.stop(),
    pause: () => current.pause(),
    resume: () => current.resume(),
    restart: async () => {
      await current.stop();
      current = await launch(port, extraArgs);
    },
  };
}
