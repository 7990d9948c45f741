import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { startMarketNode } from '../market-node.ts';
import { startPostgres } from '../postgres-server.ts';
import { startRedis } from '../redis.ts';
import { stories } from './arbitraries.ts';
import { proveCrowd } from './prove-crowd.ts';
import { runStory, type StoryCounts } from './run-story.ts';

/** `npm run exchange -- --runs 10000 --seconds 60`: the long proof of the exchange, on a server. */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    commands: { type: 'string', default: '16' },
    /** Stories at once, each in a book of its own. */
    lanes: { type: 'string', default: '4' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    processes: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '60' },
  },
});

const PROGRESS_MS = 30_000;

async function tellStories(databaseUrl: string): Promise<StoryCounts> {
  const counts: StoryCounts = { commands: 0, refused: 0, fills: 0, levelChanges: 0 };
  const node = await startMarketNode({ database: { url: databaseUrl } });
  const lanes = Number(values.lanes);
  const lane = (_: unknown, index: number): Promise<void> =>
    fc.assert(
      fc.asyncProperty(stories(Number(values.commands)), (story) => runStory(node, story, counts)),
      { numRuns: Math.ceil(Number(values.runs) / lanes), seed: Number(values.seed) + index },
    );
  const progress = setInterval(() => console.log('so far', counts), PROGRESS_MS);
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    clearInterval(progress);
    await node.stop();
  }
  return counts;
}

async function withServers<T>(
  prove: (databaseUrl: string, redisUrl: string) => Promise<T>,
): Promise<T> {
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  try {
    return await prove(postgres.url, redis.url);
  } finally {
    await redis.stop();
    await postgres.stop();
  }
}

console.log(`Node ${process.version}, ${JSON.stringify(values)}`);
if (Number(values.runs) > 0) {
  console.log(`${values.runs} stories as the rules say`, await withServers(tellStories));
}
if (Number(values.seconds) > 0) {
  const { processes, seconds } = values;
  const proof = await withServers((databaseUrl, redisUrl) =>
    proveCrowd({
      databaseUrl,
      redisUrl,
      processes: Number(processes),
      seconds: Number(seconds),
    }),
  );
  console.log(`${processes} processes, ${seconds} s`, proof);
  process.exitCode = proof.wrong.length + proof.failures.length === 0 ? 0 : 1;
}
