import { parseArgs } from 'node:util';
import { startPostgres } from '../postgres-server.ts';
import { FAULT_NAMES } from '../race/faults.ts';
import { startRedis } from '../redis.ts';
import { liveRace } from './live-race.ts';

/** `npm run race:live -- --faults 70`: three nodes, subscribers of both doors, fault after fault. */

const EVERY_MS = 1_500;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '70' },
    nodes: { type: 'string', default: '3' },
    /** Of each door. */
    subscribers: { type: 'string', default: '8' },
    'writes-per-second': { type: 'string', default: '50' },
  },
});

console.log(`Node ${process.version}, ${JSON.stringify(values)}, ${FAULT_NAMES.join(', ')}`);
const [postgres, redis] = [await startPostgres(), await startRedis()];
try {
  const report = await liveRace({
    databaseUrl: postgres.url,
    redis,
    nodes: Number(values.nodes),
    subscribers: Number(values.subscribers),
    writesPerSecond: Number(values['writes-per-second']),
    faults: Array.from({ length: Number(values.faults) }, (_, index) => faultAt(index)),
    everyMs: EVERY_MS,
    onFault: (fault, nth) => console.log(`fault ${nth}: ${fault}`),
  });
  console.log(report);
  const { wentBack, missed, staleAnswers, diverged } = report;
  process.exitCode = wentBack + missed + staleAnswers + diverged === 0 ? 0 : 1;
} finally {
  await redis.stop();
  await postgres.stop();
}

function faultAt(index: number): (typeof FAULT_NAMES)[number] {
  return FAULT_NAMES[index % FAULT_NAMES.length] ?? 'FLUSHDB';
}
