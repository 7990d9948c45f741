import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stories } from '../support/exchange/arbitraries.ts';
import { runStory, type StoryCounts } from '../support/exchange/run-story.ts';
import { startMarketNode, type MarketNode } from '../support/market-node.ts';

/** The short proof; `npm run exchange` is the long one, on a server. */

const RUNS = 25;
const MAX_COMMANDS = 16;
const TIMEOUT_MS = 60_000;

let node: MarketNode | undefined;

beforeAll(async () => {
  node = await startMarketNode({ database: { path: 'memory://' } });
}, TIMEOUT_MS);

afterAll(() => node?.stop());

describe('a book to which anything happens that may', () => {
  it(
    'is at every step what the rules say, and tells it so that a client can follow',
    async () => {
      const counts: StoryCounts = { commands: 0, refused: 0, fills: 0, levelChanges: 0 };
      await fc.assert(
        fc.asyncProperty(stories(MAX_COMMANDS), async (story) => {
          if (!node) throw new Error('the node is there once the tests run');
          await runStory(node, story, counts);
        }),
        { numRuns: RUNS, endOnFailure: false },
      );
      // Stories in which nothing is ever traded or refused would prove nothing.
      expect(counts.fills).toBeGreaterThan(0);
      expect(counts.refused).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
