import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openPglite } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { buildOnce } from './build-once.ts';

export interface PgliteFolder {
  /** The database itself. */
  readonly path: string;
  /** What contains it, as a server's DATA_DIR does. */
  readonly dataDir: string;
  remove(): void;
}

/** The embedded database's folder in a server's. */
const DATABASE = 'pglite';

/**
 * A migrated embedded database in a folder of a test's own: a copy, because making one anew takes the
 * machine seconds. The caller removes it.
 */
export async function createPgliteFolder(): Promise<PgliteFolder> {
  const template = join(inject('scratchFolder'), 'migrated');
  await buildOnce('the embedded database', async () => {
    mkdirSync(template);
    const { db, close } = await openPglite(join(template, DATABASE));
    await migrate(db);
    await close();
  });
  return copyPgliteFolder(template);
}

/** A copy of a server's data. The caller removes it. */
export function copyPgliteFolder(template: string): PgliteFolder {
  const dataDir = mkdtempSync(join(inject('scratchFolder'), 'pglite-copy-'));
  const path = join(dataDir, DATABASE);
  cpSync(join(template, DATABASE), path, { recursive: true });
  return { path, dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
