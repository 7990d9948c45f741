import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The embedded database's folder belongs to another process. */
export class DataDirLockedError extends Error {
  override readonly name = 'DataDirLockedError';

  constructor(pid: number, dataDir: string) {
    super(`the server with pid ${pid} holds ${dataDir}; stop it or set DATABASE_URL`);
  }
}

export interface DataDirLock {
  release(): Promise<void>;
}

/** `edgebook-4711-8312345.lock`: the pid and when that process started. */
const LOCK_FILE = /^edgebook-(\d+)-(\d*)\.lock$/;

/**
 * Takes the folder for this process: two on one PGlite folder lose each other's committed rows
 * without a word. Everybody puts down a file of its own first and looks for others after that, so of
 * two that start at once at least one sees the other; what a crashed one left behind belongs to
 * nobody and is removed. Throws {@link DataDirLockedError}.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  await mkdir(dataDir, { recursive: true });
  const mine = lockFile(process.pid, await startOf(process.pid));
  const release = (): Promise<void> => rm(join(dataDir, mine), { force: true });
  if (!(await create(join(dataDir, mine)))) throw new DataDirLockedError(process.pid, dataDir);
  const holder = await otherHolder(dataDir, mine);
  if (holder === null) return { release };
  await release();
  throw new DataDirLockedError(holder, dataDir);
}

/** False when this very process holds the folder already. */
async function create(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The pid of another living holder; the files of dead ones are removed. */
async function otherHolder(dataDir: string, mine: string): Promise<number | null> {
  for (const name of await readdir(dataDir)) {
    const [, pid, start] = LOCK_FILE.exec(name) ?? [];
    if (pid === undefined || start === undefined || name === mine) continue;
    if (await isAlive(Number(pid), start)) return Number(pid);
    await rm(join(dataDir, name), { force: true });
  }
  return null;
}

function lockFile(pid: number, start: string): string {
  return `edgebook-${pid}-${start}.lock`;
}

async function isAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === (await startOf(pid));
}

/**
 * When a process started, in ticks since boot, or nothing where the system does not tell. Pids come
 * round again, in a restarted container at once.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
}
