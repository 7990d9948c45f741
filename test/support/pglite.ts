import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openPglite } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { until } from './wait.ts';

const BUILD_TIMEOUT_MS = 60_000;

/** Whoever makes this folder first builds the template; the others wait for it. */
function isFirst(building: string): boolean {
  try {
    mkdirSync(building);
    return true;
  } catch {
    return false;
  }
}

async function template(): Promise<string> {
  const folder = join(inject('scratchFolder'), 'pglite');
  const building = `${folder}-building`;
  if (isFirst(building)) {
    const { db, close } = await openPglite(join(building, 'data'));
    await migrate(db);
    await close();
    renameSync(join(building, 'data'), folder);
  }
  const isBuilt = (): boolean => existsSync(folder);
  await until(isBuilt, { what: 'the embedded database', timeoutMs: BUILD_TIMEOUT_MS });
  return folder;
}

export interface PgliteFolder {
  /** The database itself. */
  readonly path: string;
  /** What contains it, as a server's DATA_DIR does. */
  readonly dataDir: string;
  remove(): void;
}

/**
 * A migrated embedded database in a folder of a test's own: a copy, because making one anew takes the
 * machine seconds. The caller removes it.
 */
export async function createPgliteFolder(): Promise<PgliteFolder> {
  const source = await template();
  const dataDir = mkdtempSync(join(inject('scratchFolder'), 'pglite-copy-'));
  const path = join(dataDir, 'pglite');
  cpSync(source, path, { recursive: true });
  return { path, dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
