import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'vitest';
import { buildOnce } from './build-once.ts';
import { startEdgebook } from './edgebook.ts';
import { copyPgliteFolder, createPgliteFolder, type PgliteFolder } from './pglite.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

/**
 * A database of a test's own with the demo's catalogue: a copy, because a node takes seconds to seed one.
 * The caller drops it.
 */
export async function createSeededDatabase(): Promise<TestDatabase> {
  const template = basename(inject('scratchFolder')).toLowerCase().replaceAll('-', '_');
  await buildOnce('the seeded database', async () => {
    const { url } = await createTestDatabase({ name: template });
    await seed({ DATABASE_URL: url });
  });
  return createTestDatabase({ template });
}

/** The same in an embedded database. The caller removes it. */
export async function createSeededFolder(): Promise<PgliteFolder> {
  const template = join(inject('scratchFolder'), 'seeded');
  await buildOnce('the seeded embedded database', async () => {
    const { dataDir, remove } = await createPgliteFolder();
    await seed({ DATA_DIR: dataDir });
    cpSync(dataDir, template, { recursive: true });
    remove();
  });
  return copyPgliteFolder(template);
}

async function seed(env: Readonly<Record<string, string>>): Promise<void> {
  const seeder = await startEdgebook({ ...env, DEMO_MARKET: 'true' });
  await seeder.stop();
}
