import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { readProjectFile } from './source-files.ts';

/** The user of deploy/redis-acl.conf, and beside it one who may do everything and sees what was refused. */
export interface TestAcl {
  /** A file for `--aclfile`. */
  readonly file: string;
  readonly password: string;
  readonly admin: { readonly username: string; readonly password: string };
  remove(): Promise<void>;
}

const PASSWORD = 'a-password-of-this-test';
const ADMIN = { username: 'admin', password: PASSWORD };
const CLUSTER_RIGHTS = /^# On a cluster \(Redis 7\) add: (\+.+)$/m;

/** Writes the users into a file; `cluster` adds the rights that are named for one. */
export async function writeTestAcl({ cluster = false } = {}): Promise<TestAcl> {
  const text = readProjectFile('deploy/redis-acl.conf');
  const more = cluster ? ` ${CLUSTER_RIGHTS.exec(text)?.[1]}` : '';
  const users = text
    .split('\n')
    .filter((line) => line.startsWith('user '))
    .map((line) => line.replace('REPLACE-THIS-PASSWORD', PASSWORD))
    .map((line) => (line.startsWith('user edgebook ') ? line + more : line));
  users.push(`user ${ADMIN.username} on >${PASSWORD} ~* &* +@all`);
  const folder = await mkdtemp(join(tmpdir(), 'edgebook-acl-'));
  const file = join(folder, 'users.acl');
  await writeFile(file, users.join('\n'));
  const remove = (): Promise<void> => rm(folder, { recursive: true });
  return { file, password: PASSWORD, admin: ADMIN, remove };
}

/** What anybody was refused on these servers since the last call. */
export async function refusedOn(urls: readonly string[], acl: TestAcl): Promise<string[]> {
  const logs = urls.map(async (url) => {
    const client = new Redis(url, acl.admin);
    try {
      const entries = (await client.acl('LOG')) as string[][];
      await client.acl('LOG', 'RESET');
      return entries.map((entry) => entry.join(' '));
    } finally {
      client.disconnect();
    }
  });
  return (await Promise.all(logs)).flat();
}
