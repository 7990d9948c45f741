import { afterAll, beforeAll, describe } from 'vitest';
import { startMarketNode, type MarketNode } from './market-node.ts';
import { createPgliteFolder } from './pglite.ts';
import { createTestDatabase } from './postgres.ts';

/**
 * A mutation that asks its pool for a second connection hangs the embedded database for ever; this is
 * how long a test there may take before that is said to have happened.
 */
const PGLITE_DEADLINE_MS = 5000;
const POSTGRES_DEADLINE_MS = 30_000;

interface Opened {
  readonly node: MarketNode;
  readonly close: () => Promise<void>;
}

async function openEmbedded(): Promise<Opened> {
  const folder = await createPgliteFolder();
  const node = await startMarketNode({ database: folder });
  const close = async (): Promise<void> => {
    await node.stop();
    folder.remove();
  };
  return { node, close };
}

async function openServer(): Promise<Opened> {
  const database = await createTestDatabase();
  const node = await startMarketNode({ database });
  const close = async (): Promise<void> => {
    await node.stop();
    await database.drop();
  };
  return { node, close };
}

/** Runs the same tests on the embedded database and on Postgres: one market node for all of them. */
export function describeOnBothEngines(
  title: string,
  tests: (node: () => MarketNode) => void,
): void {
  for (const engine of ['pglite', 'postgres'] as const) {
    const timeout = engine === 'pglite' ? PGLITE_DEADLINE_MS : POSTGRES_DEADLINE_MS;
    describe(`${title}, on ${engine}`, { timeout }, () => {
      let opened: Opened | undefined;
      beforeAll(async () => {
        opened = await (engine === 'pglite' ? openEmbedded() : openServer());
      });
      afterAll(() => opened?.close());
      tests(() => {
        if (!opened) throw new Error('the node is there once the tests run');
        return opened.node;
      });
    });
  }
}
