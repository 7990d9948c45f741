import { openPostgres } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { unmatched } from '../unmatched.ts';
import { until } from '../wait.ts';
import { audit, readOrderBook, type Audit } from './audit.ts';
import type { CrowdReport } from './crowd-types.ts';
import { crowdUnits, runCrowd } from './crowd.ts';
import { pairOfStory, seedStory } from './story-seed.ts';

const REGIONS = ['crowd-1', 'crowd-2'];
const UNITS_PER_BOOK = 12;
const AT_ONCE = 3;

export interface CrowdProof extends CrowdReport, Audit {}

/** Seeds two books in an empty database, lets a crowd fight for them, and checks what it left. */
export async function proveCrowd(options: {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly processes: number;
  readonly seconds: number;
}): Promise<CrowdProof> {
  const { databaseUrl, redisUrl, processes, seconds } = options;
  const limits = { maxConnections: 4, connectTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
  const { db, close } = await openPostgres({ url: databaseUrl, ...limits }, () => undefined);
  try {
    await migrate(db);
    const pairs = REGIONS.map(pairOfStory);
    for (const pair of pairs) await seedStory(db, pair, crowdUnits(UNITS_PER_BOOK));
    const starts = await Promise.all(pairs.map((pair) => readOrderBook(db, pair)));
    const crowd = await runCrowd(
      { databaseUrl, redisUrl, regions: REGIONS, unitsPerBook: UNITS_PER_BOOK, atOnce: AT_ONCE },
      { processes, seconds },
    );
    const { stop, ...report } = crowd;
    // Commands wait for the matcher; what a hold's end frees is matched within a poll.
    const isMatched = async (): Promise<boolean> => (await unmatched(db)).length === 0;
    try {
      await until(isMatched, { what: 'that no bid can have an ask' });
    } finally {
      await stop();
    }
    return { ...report, ...(await audit(db, starts)) };
  } finally {
    await close();
  }
}
