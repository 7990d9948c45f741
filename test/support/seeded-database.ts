import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'vitest';
import { startEdgebook } from './edgebook.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { until } from './wait.ts';

const BUILD_TIMEOUT_MS = 60_000;

/** Whoever makes the folder first seeds the template; the others wait for the mark. */
async function template(): Promise<string> {
  const mark = join(inject('scratchFolder'), 'seeded');
  const name = basename(inject('scratchFolder')).toLowerCase().replaceAll('-', '_');
  if (isFirst(`${mark}-building`)) {
    const { url } = await createTestDatabase({ name });
    const seeder = await startEdgebook({ DATABASE_URL: url, DEMO_MARKET: 'true' });
    await seeder.stop();
    writeFileSync(mark, '');
  }
  const isSeeded = (): boolean => existsSync(mark);
  await until(isSeeded, { what: 'the seeded database', timeoutMs: BUILD_TIMEOUT_MS });
  return name;
}

function isFirst(building: string): boolean {
  try {
    mkdirSync(building);
    return true;
  } catch {
    return false;
  }
}

/**
 * A database of a test's own with the demo's catalogue: a copy, because a node takes seconds to seed one.
 * The caller drops it.
 */
export async function createSeededDatabase(): Promise<TestDatabase> {
  return createTestDatabase({ template: await template() });
}
