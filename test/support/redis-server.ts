import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What to type where this machine has no redis-server and we may not install it. */
export const REDIS_MISSING =
  process.platform === 'darwin'
    ? 'The tests need a Redis server. Install it with: brew install redis'
    : 'The tests need a Redis server. Install it with: sudo apt-get install -y redis-server';

const FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];

/** The executable: `TEST_REDIS_SERVER`, else the first one on the path or in the usual folders. */
export function findRedisServer(): string | null {
  const given = process.env['TEST_REDIS_SERVER'];
  if (given) return given;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FOLDERS];
  return (
    folders.map((folder) => join(folder, 'redis-server')).find((file) => existsSync(file)) ?? null
  );
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Finds a redis-server or installs one where it may (as root on Debian and Ubuntu); else throws. */
export function ensureRedisServer(): void {
  if (findRedisServer() !== null) return;
  if (mayInstall()) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    console.log('No redis-server here: installing it with apt-get.');
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['install', '-y', '-qq', 'redis-server'], { stdio: 'inherit', env });
  }
  if (findRedisServer() === null) throw new Error(REDIS_MISSING);
}
