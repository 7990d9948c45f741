import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL where tests may make databases. */
    postgresUrl: string;
    /** A folder of this run's own for what its test files share. */
    scratchFolder: string;
  }
}

/** One PostgreSQL for the whole run: `TEST_DATABASE_URL` where it is given, else our own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = mkdtempSync(join(tmpdir(), 'edgebook-tests-'));
  project.provide('scratchFolder', scratch);
  const removeScratch = (): void => rmSync(scratch, { recursive: true, force: true });
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return async () => removeScratch();
  }
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    removeScratch();
    await postgres.stop();
  };
}
