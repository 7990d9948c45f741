import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataDir } from '../../../src/store/data-dir-lock.ts';

/** Field 22 of the process's status, after its name in brackets. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'edgebook-lock-'));
});

afterEach(() => rm(dataDir, { recursive: true }));

describe('a data folder', () => {
  test('belongs to one process, which the other is told of', async () => {
    const lock = await lockDataDir(dataDir);
    await expect(lockDataDir(dataDir)).rejects.toThrow(
      `the server with pid ${process.pid} holds ${dataDir}; stop it or set DATABASE_URL`,
    );
    await lock.release();
    await (await lockDataDir(dataDir)).release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  test.each([
    ['a process that is gone', 'edgebook-4194303-1.lock'],
    ['another process that had our pid', `edgebook-${process.pid}-1.lock`],
  ])('that was left behind by %s is taken over', async (_who, left) => {
    await writeFile(join(dataDir, left), '');
    const lock = await lockDataDir(dataDir);
    expect(await readdir(dataDir)).not.toContain(left);
    await lock.release();
  });

  test('held by another living process is left alone', async () => {
    const start = await startOf(process.ppid);
    await writeFile(join(dataDir, `edgebook-${process.ppid}-${start}.lock`), '');
    await expect(lockDataDir(dataDir)).rejects.toThrow(`pid ${process.ppid} holds`);
    expect(await readdir(dataDir)).toEqual([`edgebook-${process.ppid}-${start}.lock`]);
  });

  test('is made when it is not there yet', async () => {
    const folder = join(dataDir, 'new', 'folder');
    await lockDataDir(folder);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^edgebook-.*\.lock$/)]);
  });
});
