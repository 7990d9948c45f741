import { parseArgs } from 'node:util';
import { startPostgres } from '../postgres-server.ts';
import { startRedis } from '../redis.ts';
import { FAULT_NAMES } from './faults.ts';
import { seedRaceMarket } from './race-market.ts';
import { race, type RaceReport } from './race.ts';
import { RACE_ARMS, type RaceArm } from './types.ts';

/** `npm run race -- --reads 1000000`: the long race, edgebook first, then the naive cache. */

const FAULT_EVERY_MS = 1_500;

const { values } = parseArgs({
  options: {
    reads: { type: 'string', default: '1000000' },
    'naive-reads': { type: 'string', default: '100000' },
    nodes: { type: 'string', default: '3' },
    'reads-per-second': { type: 'string', default: '3000' },
    'writes-per-second': { type: 'string', default: '10' },
  },
});

async function run(arm: RaceArm): Promise<RaceReport> {
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  try {
    await seedRaceMarket(postgres.url);
    const load = {
      readsPerSecond: Number(values['reads-per-second']),
      writesPerSecond: Number(values['writes-per-second']),
    };
    const reads = Number(arm === 'naive' ? values['naive-reads'] : values.reads);
    const atLeast = { reads, faults: FAULT_NAMES.length };
    const nodes = Number(values.nodes);
    const pace = { faults: FAULT_NAMES, everyMs: FAULT_EVERY_MS };
    return await race({ arm, databaseUrl: postgres.url, redis, nodes, load, atLeast, ...pace });
  } finally {
    await redis.stop();
    await postgres.stop();
  }
}

console.log(
  `Node ${process.version}, ${JSON.stringify(values)}, faults: ${FAULT_NAMES.join(', ')}`,
);
const stale: Record<RaceArm, number> = { edgebook: 0, naive: 0 };
for (const arm of RACE_ARMS) {
  const report = await run(arm);
  stale[arm] = report.staleHere + report.staleAnywhere + report.diverged;
  console.log(arm, report);
}
if (stale.naive === 0) console.log('The naive arm shows no fault: this run proves nothing.');
process.exitCode = stale.edgebook === 0 && stale.naive > 0 ? 0 : 1;
