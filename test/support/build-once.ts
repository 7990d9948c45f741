import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { until } from './wait.ts';

const BUILD_TIMEOUT_MS = 60_000;

/** Builds something once for all tests of a run: who asks first builds it, the others wait for it. */
export async function buildOnce(what: string, build: () => Promise<void>): Promise<void> {
  const mark = join(inject('scratchFolder'), `${what} is built`);
  if (isFirst(`${mark}-soon`)) {
    await build();
    writeFileSync(mark, '');
  }
  await until(() => existsSync(mark), { what, timeoutMs: BUILD_TIMEOUT_MS });
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
